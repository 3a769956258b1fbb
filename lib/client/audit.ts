'use client';

import { useQuery } from '@tanstack/react-query';
import { verifyCredentialSignatureInBrowser, verifyEd25519InBrowser } from '@/lib/authentication/noble-verifier';
import { type AuditCheck, checkAuditEntry, type Witnessing } from '@/lib/verifying/check-audit-entry';
import { queryString } from '@/lib/verifying/path';
import { read } from './call';
import { pinnedGenesis } from './genesis-pin';
import { QUERY } from './keys';
import { routeOf } from './routes';
import { useSession } from './session';
import type { AuditEntry, AuditEntryDetail, ChainAlarm, EntryProof, Witnesses } from './shapes';
import { usePages } from './use-pages';

/** Which entries are shown; `from` and `to` are entry numbers or ISO times. */
export type AuditFilter = {
  readonly userId?: string;
  readonly topic?: string;
  readonly from?: string;
  readonly to?: string;
};

export const useAuditEntries = (filter: AuditFilter) =>
  usePages<AuditEntry>({
    key: [...QUERY.audit, 'list'],
    operation: 'x.listAuditEntries',
    query: { limit: 100, ...filter },
  });

/** Where the browser fetches all entries that fit, as a file it writes while it comes in. */
export const auditExportHref = (filter: AuditFilter, format: 'csv' | 'ndjson'): string =>
  routeOf('x.listAuditEntries').path + queryString({ ...filter, format });

const readEntry = (seq: string, signal: AbortSignal) =>
  read<AuditEntryDetail>('x.getAuditEntry', { params: { seq }, signal });

export const useAuditEntry = (seq: string) =>
  // An entry never changes; only the name beside it may.
  useQuery({ queryKey: ['audit-entry', seq], queryFn: ({ signal }) => readEntry(seq, signal), staleTime: 60_000 });

const readWitnessing = async (seq: number, signal: AbortSignal): Promise<Witnessing> => {
  const [genesis, { items, genesisNodes }] = await Promise.all([
    readEntry('0', signal),
    read<Pick<Witnesses, 'items' | 'genesisNodes'>>('x.listCheckpoints', { query: { limit: 1 }, signal }),
  ]);
  const newest = items[0];
  if (!newest || newest.seq < seq) return { genesis, checkpoint: null, proof: null };
  const proof = await read<EntryProof>('x.getEntryProof', {
    params: { seq: String(seq) },
    query: { at: newest.seq },
    signal,
  });
  return { genesis, checkpoint: newest, proof, hasReplacements: genesisNodes !== undefined };
};

const PORTS = { verifyCredential: verifyCredentialSignatureInBrowser, verifyEd25519: verifyEd25519InBrowser };

/** What this browser verified of an entry, against the genesis it knows the organisation by. */
export const useAuditChecks = (detail: AuditEntryDetail | undefined) => {
  const orgId = useSession().data?.orgId;
  return useQuery({
    queryKey: [...QUERY.audit, 'checks', detail?.seq, detail?.hash],
    queryFn: async ({ signal }): Promise<readonly AuditCheck[]> => {
      if (!detail || !orgId) return [];
      const witnessing = await readWitnessing(detail.seq, signal);
      return checkAuditEntry(detail, witnessing, { genesis: pinnedGenesis(orgId) ?? '' }, PORTS);
    },
    enabled: detail !== undefined && orgId !== undefined,
  });
};

const ALARMS_MS = 15_000;

export const useChainAlarms = () =>
  useQuery({
    queryKey: QUERY.chainAlarms,
    queryFn: ({ signal }) => read<{ readonly items: readonly ChainAlarm[] }>('x.listChainAlarms', { signal }),
    refetchInterval: ALARMS_MS,
  });
