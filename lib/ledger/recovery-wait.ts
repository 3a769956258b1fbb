import { refused } from '@/lib/domain/refusal';
import type { Change, CredentialRecord, RecoveredCredential } from './records';
import { all, find, type OrgState, put } from './state';
import { settle } from './windows';

/** How long the new credentials wait in a `strict` organisation (design §6). */
export const RECOVERY_WAIT_MS = 86_400_000;

/** Why a credential that came by a recovery does not act yet. @param usableFrom Unix milliseconds. */
export const recoveryWait = (usableFrom: number) =>
  refused(
    403,
    'recovery.waiting',
    `After a recovery new credentials wait a day here, by the signers' clocks: this one acts from about ${new Date(usableFrom).toISOString()} on.`,
  );

/**
 * Whether the credential waits. No time that the server writes ends a wait: a witnessed checkpoint does.
 * @param at For credentials recovered before waits were settled.
 */
export const isWaiting = (state: OrgState, credential: CredentialRecord | undefined, at: number): boolean => {
  if (credential?.usableFrom === undefined) return false;
  const recovered = all(state, 'org')[0]?.recovered ?? [];
  return recovered.some((item) => item.credentialId === credential.id) || credential.usableFrom > at;
};

/**
 * What a witnessed checkpoint does to waits: it settles the beginning of those whose recovery it covers, as it does with windows, and
 * ends those whose day is over at its own time.
 * @param placeOf Place in the chain of the recovery that brought a credential; null while it is not known.
 */
export const settleRecoveries = (
  state: OrgState,
  checkpoint: { readonly seq: number; readonly at: number },
  placeOf: (credentialId: string) => number | null,
): Change[] => {
  const org = all(state, 'org')[0];
  if (!org?.recovered) return [];
  const changes: Change[] = [];
  const left: RecoveredCredential[] = [];
  for (const item of org.recovered) {
    const isCovered = (placeOf(item.credentialId) ?? Number.POSITIVE_INFINITY) <= checkpoint.seq;
    const settledAt = item.settledAt ?? (isCovered ? settle(item.at, checkpoint.at) : undefined);
    const credential = find(state, 'credential', item.credentialId);
    const isOver = settledAt !== undefined && settledAt + RECOVERY_WAIT_MS <= checkpoint.at;
    if (!isOver) left.push(settledAt === undefined ? item : { ...item, settledAt });
    if (!credential || settledAt === undefined || (item.settledAt !== undefined && !isOver)) continue;
    const { usableFrom: _before, ...rest } = credential;
    changes.push(put('credential', isOver ? rest : { ...rest, usableFrom: settledAt + RECOVERY_WAIT_MS }));
  }
  if (changes.length === 0) return [];
  const { recovered: _former, ...rest } = org;
  return [...changes, put('org', left.length > 0 ? { ...rest, recovered: left } : rest)];
};
