import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type Pin, pinId } from '@/lib/domain/signing';
import { intentOfActivity } from '@/lib/ledger/intent';
import { judgeActivity } from '@/lib/ledger/judge';
import { heldPinId, mayUsePin } from '@/lib/ledger/pins';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { type Replica, rootAt } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import { refusalOfJudgement } from '@/lib/ledger/unsignable';
import type { RequestBundle } from './bundle';
import type { Checkpoint } from './checkpoint';

/** What only the node itself knows: its clock (unix ms) and the checkpoints it signed at most 30 s ago that stand in the ledger. */
export type BundlePlace = { readonly now: number; readonly freshSignedCheckpoints: readonly Checkpoint[] };

const HEX = /^(?:[0-9a-f]{2})*$/;

const isBundle = (bundle: RequestBundle): boolean =>
  bundle.v === 1 &&
  typeof bundle.unsigned === 'string' &&
  HEX.test(bundle.unsigned) &&
  bundle.digests.length === 1 &&
  Number.isSafeInteger(bundle.attempt);

/**
 * A node's own check of what it is asked to sign, on its own replay (design §4.3): the checkpoint covers the activity, its votes, its
 * `reserve` and all governance; the activity may be signed by every rule in force; the bytes decode to what was asked for, at the
 * pin and digest that were reserved. Because nothing that governs lies between checkpoint and head, judging at the head is judging
 * at the checkpoint too. Run at ACCEPT and again immediately before the last round.
 */
export const checkBundle = (
  replica: Replica,
  bundle: RequestBundle,
  ports: LedgerPorts,
  place: BundlePlace,
): Outcome<{ readonly keyId: string; readonly digest: string; readonly pin: Pin }> => {
  if (!isBundle(bundle) || bundle.orgId !== replica.orgId)
    return refused(400, 'evidence.bundle', 'The request bundle is malformed.');
  const { state } = replica;
  const { seq, root } = bundle.head;
  if (rootAt(replica, seq) !== root)
    return refused(409, 'evidence.head', 'The bundle names a head that is not in this node’s ledger.');
  if (!place.freshSignedCheckpoints.some((checkpoint) => checkpoint.seq === seq && checkpoint.root === root))
    return refused(
      409,
      'evidence.stale_checkpoint',
      'The bundle rests on a checkpoint this node did not sign within the last 30 seconds.',
    );
  // INVARIANT: what no checkpoint entry covers has not been witnessed by k nodes, whatever this one signed.
  const witnessed = find(state, 'checkpoint', 'last');
  if (!witnessed || witnessed.seq < seq)
    return refused(409, 'evidence.unwitnessed', 'No checkpoint entry in the ledger covers the head of the bundle.');
  const activity = find(state, 'activity', bundle.activityId);
  if (!activity)
    return refused(404, 'evidence.unknown_activity', `The activity ${bundle.activityId} is not in the ledger.`);
  const touched = replica.touched.get(activity.id) ?? Number.POSITIVE_INFINITY;
  if (touched > seq || replica.governedAt > seq)
    return refused(
      409,
      'evidence.uncovered',
      'The checkpoint does not cover the activity, its votes, its reserve and all governance.',
    );
  if (activity.status !== 'Reserved' && activity.status !== 'Released')
    return refused(409, 'evidence.not_reserved', `The activity is ${activity.status}; nothing is reserved for it.`);
  const judged = judgeActivity(state, activity.id, { at: place.now });
  if (!judged.ok) return judged;
  return refusalOfJudgement(judged.value) ?? checkBytes(replica, bundle, ports);
};

/** Decodes the bytes on its own and compares them with the intent, the reservation and the pin's holder. */
const checkBytes = (
  replica: Replica,
  bundle: RequestBundle,
  ports: LedgerPorts,
): Outcome<{ keyId: string; digest: string; pin: Pin }> => {
  const { state } = replica;
  const activity = find(state, 'activity', bundle.activityId);
  if (!activity?.pin || !activity.reservation)
    return refused(409, 'evidence.not_reserved', 'Nothing is reserved for the activity.');
  const wallet = (activity.walletId ? find(state, 'wallet', activity.walletId) : undefined) ?? {
    network: activity.network ?? 'KeyECDSA',
  };
  const rules = ports.chainRules(wallet.network);
  if (!rules || ports.signsOn?.(wallet.network) === false)
    return refused(400, 'evidence.network', `The network ${wallet.network} is not enabled at this node.`);
  const intent = intentOfActivity(activity, wallet);
  const checked = activity.cancels
    ? rules.checkCancel(intent, activity.pin, bundle.unsigned)
    : activity.speedsUp
      ? rules.checkSpeedUp(intent, activity.speedsUp.unsigned, bundle.unsigned)
      : rules.checkUnsigned(intent, bundle.unsigned);
  if (!checked.ok) return checked;
  const { digest } = checked.value;
  if (bundle.digests[0] !== digest)
    return refused(403, 'evidence.digest', 'The digest is not that of the unsigned bytes.');
  if ('pin' in checked.value && pinId(checked.value.pin as Pin) !== pinId(activity.pin))
    return refused(403, 'evidence.pin', 'The unsigned bytes use another nonce than the one that is pinned.');
  if (bundle.unsigned !== activity.reservation.unsigned || digest !== activity.reservation.digest)
    return refused(403, 'evidence.not_as_reserved', 'These are not the bytes that were reserved.');
  const pin = find(state, 'pin', heldPinId(activity.id, activity.pin));
  if (!mayUsePin(activity, pin)) return refused(409, 'evidence.pin_held', 'Another activity holds this pin.');
  return accepted({ keyId: activity.keyId, digest, pin: activity.pin });
};
