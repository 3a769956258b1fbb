'use client';

import { useQuery } from '@tanstack/react-query';
import { verifyEd25519InBrowser } from '@/lib/authentication/noble-verifier';
import { genesisHash } from '@/lib/ledger/genesis';
import { genesisOf } from '@/lib/verifying/check-audit-entry';
import { checkScreenings } from '@/lib/verifying/check-screening';
import type { OwnEntry } from '@/lib/verifying/ledger-entry';
import { read } from './call';
import { pinnedGenesis } from './genesis-pin';
import { QUERY } from './keys';
import { useMay } from './session';
import type { AuditEntryDetail, Facts } from './shapes';

/** What reads the genesis, whose oracle keys count. */
export const READS_GENESIS = 'Auth:Logs:Read';

/** The genesis this browser knows the organisation by; null where entry 0 holds another one. */
const useGenesis = (orgId: string) =>
  useQuery({
    queryKey: [...QUERY.audit, 'genesis', orgId],
    queryFn: async ({ signal }) => {
      const genesis = genesisOf(await read<AuditEntryDetail>('x.getAuditEntry', { params: { seq: '0' }, signal }));
      return genesis && genesisHash(genesis) === pinnedGenesis(orgId) ? genesis : null;
    },
    enabled: useMay(READS_GENESIS),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What this browser verified of the vendors' answers in a request's entry; undefined while it reads the genesis. */
export const useScreeningChecks = (entry: OwnEntry, facts: Facts) => {
  const { data, isLoading } = useGenesis(entry.statement.orgId);
  return isLoading ? undefined : checkScreenings(entry, facts, data ?? null, verifyEd25519InBrowser);
};
