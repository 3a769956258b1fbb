'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { ORGANISATION, SIGNERS } from './first-asked';
import { pinGenesis } from './genesis-pin';
import { QUERY } from './keys';
import type {
  CertificateChange,
  EnrolmentChange,
  LedgerHead,
  Organisation,
  SettingsChange,
  SignerNode,
  SignerRefusal,
  UnfreezeChange,
  Witnesses,
} from './shapes';
import { useSigned } from './use-signed';

/** The organisation, and whether the server now names another genesis than the one this browser first met. */
export type KnownOrganisation = Organisation & { readonly pinnedGenesis: string };

/** One function for all: what it makes of an answer is made once. */
const known = (organisation: Organisation): KnownOrganisation => ({
  ...organisation,
  pinnedGenesis: pinGenesis(organisation.id, organisation.genesis),
});

export const useOrganisation = () =>
  useQuery({
    queryKey: ORGANISATION.key,
    queryFn: ({ signal }) => read<Organisation>(ORGANISATION.operation, { signal }),
    select: known,
    staleTime: 30_000,
  });

export const useSigners = () =>
  useQuery({
    queryKey: SIGNERS.key,
    queryFn: ({ signal }) => read<{ threshold: number; items: readonly SignerNode[] }>(SIGNERS.operation, { signal }),
    refetchInterval: 10_000,
  });

/** What signers lately refused to sign, and why. */
export const useSignerRefusals = (options: { readonly enabled: boolean }) =>
  useQuery({
    queryKey: [...QUERY.signers, 'refusals'],
    queryFn: ({ signal }) => read<{ items: readonly SignerRefusal[] }>('x.listSignerRefusals', { signal }),
    refetchInterval: 10_000,
    ...options,
  });

/** Which signers hold a share of a key. */
export const useLedgerHead = () =>
  useQuery({
    queryKey: [...QUERY.signers, 'head'],
    queryFn: ({ signal }) => read<LedgerHead>('x.getLedgerHead', { signal }),
    refetchInterval: 10_000,
  });

/** Heartbeats, checkpoints and alarms of the nodes. */
export const useWitnesses = () =>
  useQuery({
    queryKey: [...QUERY.signers, 'witnesses'],
    queryFn: ({ signal }) => read<Witnesses>('x.listCheckpoints', { signal, query: { limit: '5' } }),
    refetchInterval: 10_000,
  });

type FreezeState = { readonly walletId?: string; readonly frozen: boolean };
const STALE = [QUERY.organisation, QUERY.wallets, QUERY.approvals];

export const useFreeze = () => useSigned<FreezeState>('x.freeze', STALE);
export const useUnfreeze = () => useSigned<FreezeState, UnfreezeChange>('x.unfreeze', STALE);
/** The one-way step to `vouched` enrolment. */
export const useRequireVouching = () =>
  useSigned<{ readonly enrolment: 'server' | 'vouched' }, EnrolmentChange>('x.requireVouching', [
    QUERY.organisation,
    QUERY.approvals,
  ]);
/** Strictness, origins and limits of sign-ins, all at once. */
export const useChangeSettings = () =>
  useSigned<Pick<Organisation, 'strict' | 'origins' | 'sessions'>, SettingsChange>('x.changeSettings', [
    QUERY.organisation,
    QUERY.approvals,
  ]);
/** Another certificate of a signer. */
export const useReplaceCertificate = () =>
  useSigned<Pick<SignerNode, 'certificate' | 'lostStores'>, CertificateChange>('x.replaceCertificate', [
    QUERY.signers,
    QUERY.wallets,
    QUERY.approvals,
  ]);
export const useVouch = () => useSigned<{ introduced: boolean }>('x.vouchUser', [QUERY.people]);
