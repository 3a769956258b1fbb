import { hashBody } from '@/lib/authentication/statement';
import { parseJson } from '@/lib/contract/json';
import { accepted, type Outcome, refused, unreachable } from '@/lib/domain/refusal';
import { decideRecovery } from './account-recovery';
import { decideExpiry, decideReject, decideReopen } from './approval-entries';
import { decideCredentialByCode } from './credential-codes';
import { type Decided, keyLane } from './decision';
import type { Leaf } from './entry';
import { decideGenesis, decideRegistration } from './foundation';
import { decideIncoming } from './incoming-entries';
import { activityIdOf, laneOf } from './lane';
import { decideBroadcast, decideCheckpoint, decideKeyCertificate } from './node-entries';
import type { NodeEntryInput } from './node-entry';
import type { LedgerPorts } from './ports';
import { decideAbandon, decideRelease, decideReserve } from './reservation-entries';
import { decideScreening } from './screening-entries';
import { find, type OrgState, put } from './state';
import { decideUserAction } from './user-action';

const decideNodeEntry = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  const { kind } = input.leaf;
  switch (kind) {
    case 'genesis':
      return decideGenesis(input, raw);
    case 'registration':
      return decideRegistration(input, raw);
    case 'credentialByCode':
      return decideCredentialByCode(input, raw);
    case 'recovery':
      return decideRecovery(input, raw);
    case 'keyCertificate':
      return decideKeyCertificate(input);
    case 'reserve':
      return decideReserve(input);
    case 'release':
      return decideRelease(input);
    case 'abandon':
      return decideAbandon(input);
    case 'expiry':
      return decideExpiry(input);
    case 'reopen':
      return decideReopen(input);
    case 'reject':
      return decideReject(input);
    case 'broadcast':
      return decideBroadcast(input);
    case 'screening':
      return decideScreening(input);
    case 'incoming':
      return decideIncoming(input);
    case 'checkpoint':
      return decideCheckpoint(input);
    case 'userAction':
      return refused(400, 'ledger.malformed', 'A user action is decided by its own rules.');
    default:
      return unreachable(kind);
  }
};

/**
 * Decides one entry against the state before it. Pure: the API runs it under its locks before it writes, every signer runs it on
 * the entry it received. A refusal at the API is an error answer; at replay it makes the entry void: it stays, and changes nothing.
 * An exception while deciding is a refusal, never a pass.
 * @param rootAt Merkle root over entries 0…seq as this side knows it; null when it can't tell.
 * @param placeOf Place of the recovery that brought a credential; null when it has none yet.
 */
export const decideEntry = (
  state: OrgState,
  leaf: Leaf,
  body: Uint8Array,
  ports: LedgerPorts,
  rootAt: (seq: number) => string | null = () => null,
  placeOf: (credentialId: string) => number | null = () => null,
): Outcome<Decided> => {
  try {
    if (leaf.v !== 1 || !Number.isSafeInteger(leaf.at))
      return refused(400, 'ledger.malformed', 'The entry is malformed.');
    if (leaf.kind === 'userAction') return decideUserAction(state, leaf, body, ports);
    if (leaf.bodyHash !== hashBody(body))
      return refused(403, 'ledger.body', 'The body is not the one the entry names.');
    const json = parseJson(body);
    if (!json.ok || typeof json.value !== 'object' || json.value === null)
      return refused(400, 'ledger.malformed', 'The entry body is not a JSON object.');
    const parsed = json.value as { readonly [key: string]: unknown };
    const approval = typeof parsed.approvalId === 'string' ? find(state, 'approval', parsed.approvalId) : undefined;
    const lane =
      leaf.kind === 'incoming'
        ? keyLane(state, { walletId: String(parsed.walletId) })
        : laneOf(find(state, 'activity', activityIdOf(parsed, approval) ?? ''));
    const at = Math.max(leaf.at, find(state, 'lane', lane)?.lastAt ?? 0);
    const decided = decideNodeEntry({ state, leaf, body: parsed, at, ports, rootAt, placeOf }, body);
    if (!decided.ok || leaf.kind === 'checkpoint') return decided;
    return accepted({ ...decided.value, changes: [put('lane', { id: lane, lastAt: at }), ...decided.value.changes] });
  } catch (cause) {
    return refused(
      500,
      'ledger.exception',
      `Deciding failed: ${cause instanceof Error ? cause.message : 'unknown error'}`,
    );
  }
};
