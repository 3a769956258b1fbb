import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type EcdsaSignature, type Pin, pinId } from '@/lib/domain/signing';
import { abandonHash } from '@/lib/evidence/checkpoint';
import type { Decided } from './decision';
import { intentOfActivity } from './intent';
import { judgeActivity } from './judge';
import { activityOf, done, malformed, type NodeEntryInput, signersOf, text } from './node-entry';
import { heldPinId, mayUsePin } from './pins';
import type { ActivityRecord, Change, WalletRecord } from './records';
import { all, find, type OrgState, put } from './state';
import { windowsOf } from './windows';

/** Pins the activity (design §4.3 Pins). From here on the request counts for good; only `abandon` ends it. */
export const decideReserve = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, body, ports } = input;
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const unsigned = text(body.unsigned);
  const attempt = body.attempt;
  if (unsigned === null || !Number.isSafeInteger(attempt)) return malformed('reserve');
  if (activity.status !== 'Approved' && activity.status !== 'Reserved')
    return refused(409, 'reserve.status', `The activity is ${activity.status}; it can't be reserved.`);
  if (activity.supersededBy)
    return refused(409, 'reserve.superseded', 'A CancelTransaction took the pin of this activity.');
  const judged = judgeActivity(state, activity.id, { at: input.at });
  if (!judged.ok) return judged;
  if (judged.value.verdict !== 'sign')
    return refused(409, `reserve.${judged.value.verdict}`, 'The policies now in force ask for more.');
  const wallet = walletOf(state, activity);
  const rules = ports.chainRules(wallet.network);
  const intent = intentOfActivity(activity, wallet);
  const target = activity.cancels ? find(state, 'activity', activity.cancels) : undefined;
  const { speedsUp } = activity;
  const checked =
    target?.pin && rules
      ? withPin(target.pin, rules.checkCancel(intent, target.pin, unsigned))
      : speedsUp && rules
        ? rules.checkSpeedUp(intent, speedsUp.unsigned, unsigned)
        : (rules?.checkUnsigned(intent, unsigned) ??
          refused(400, 'network.not_enabled', 'The network is not enabled.'));
  if (!checked.ok) return checked;
  if (checked.value.digest !== body.digest || pinId(checked.value.pin) !== pinId(body.pin as Pin))
    return refused(403, 'reserve.digest', 'The digest or pin is not that of the unsigned bytes.');
  if (activity.pin && pinId(activity.pin) !== pinId(checked.value.pin))
    return refused(409, 'reserve.other_pin', 'The activity is pinned already; another pin is void.');
  const earlier = activity.reservation;
  if (earlier && earlier.unsigned !== unsigned && !rules?.outbids(earlier.unsigned, unsigned))
    return refused(409, 'reserve.underbid', 'Another attempt on the same pin must raise the fee by at least 10 %.');
  const pinName = heldPinId(activity.id, checked.value.pin);
  const pin = find(state, 'pin', pinName);
  const isFree = speedsUp
    ? mayUsePin(activity, pin)
    : !pin || pin.holder === '' || pin.holder === activity.id || pin.holder === target?.id;
  const cancelledBy = pin?.cancelledBy ?? activity.id;
  if (!isFree || cancelledBy !== activity.id)
    return refused(409, 'reserve.pin_held', 'Another activity holds this pin.', { holder: pin?.holder });
  const digests = [...new Set([...(activity.reservation?.digests ?? []), checked.value.digest])];
  const changes: Change[] = [
    put('activity', {
      ...activity,
      status: 'Reserved',
      pin: checked.value.pin,
      reservation: { digest: checked.value.digest, digests, unsigned, attempt: attempt as number },
    }),
  ];
  // The pin of a speed-up stays with the request whose call it repeats.
  if (!speedsUp)
    changes.push(
      target && pin
        ? put('pin', { ...pin, cancelledBy: activity.id })
        : put('pin', { id: pinName, holder: activity.id }),
    );
  if (target) changes.push(put('activity', { ...target, supersededBy: activity.id }));
  for (const window of windowsOf(state, activity.id)) {
    const { pendingUntil: _pendingUntil, ...rest } = window;
    changes.push(put('window', rest));
  }
  return done(changes, 'activity', activity.id);
};

const withPin = (
  pin: Pin,
  checked: Outcome<{ digest: string; fee: string | null }>,
): Outcome<{ digest: string; pin: Pin; fee: string | null }> =>
  checked.ok ? accepted({ ...checked.value, pin }) : checked;

/**
 * The signature itself proves the release; no node signatures are needed. A digest is released once: what a second ceremony makes of it
 * is the same payload under the same pin, and the signature that stands is the one to broadcast.
 */
export const decideRelease = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const signature = input.body.signature as EcdsaSignature;
  const digest = text(input.body.digest);
  const key = find(input.state, 'key', activity.keyId);
  if (!activity.reservation || !digest || !key?.publicKey)
    return refused(409, 'release.not_reserved', 'Nothing is reserved for this activity.');
  if (activity.status === 'Abandoned') return refused(409, 'release.abandoned', 'The activity was abandoned.');
  if (!activity.reservation.digests.includes(digest))
    return refused(403, 'release.digest', 'The digest was never reserved.');
  const { release: last, releasedBefore = [] } = activity;
  if (last?.digest === digest || releasedBefore.includes(digest))
    return refused(409, 'release.repeated', 'A signature over this digest stands in the ledger already.');
  if (!input.ports.verifyEcdsa(key.publicKey, digest, signature))
    return refused(403, 'release.signature', 'The signature does not verify under the wallet key.');
  const released: ActivityRecord = {
    ...activity,
    status: 'Released',
    release: { digest, signature, date: input.at },
    ...(last ? { releasedBefore: [...releasedBefore, last.digest] } : {}),
  };
  return done([put('activity', released)], 'activity', activity.id);
};

/** k nodes that have released nothing for the activity promise they never will: pin, nonce and window are free again. */
export const decideAbandon = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const org = all(input.state, 'org')[0];
  if (activity.status !== 'Reserved' || !org || !activity.pin)
    return refused(409, 'abandon.status', `The activity is ${activity.status}.`);
  // The holder counts in its windows for good once a cancel may land beside it (design §4.3 Pins).
  if (activity.supersededBy)
    return refused(409, 'abandon.superseded', 'A CancelTransaction took the pin of this activity.');
  if (signersOf(input, abandonHash(org.id, activity.id)).size < org.genesis.k)
    return refused(403, 'abandon.signatures', 'Fewer than k nodes promised to release nothing.');
  const pin = find(input.state, 'pin', heldPinId(activity.id, activity.pin));
  const changes: Change[] = [
    put('activity', {
      ...activity,
      status: 'Abandoned',
      reason: text(input.body.reason) ?? 'Ended by the signer nodes before anything was released.',
    }),
  ];
  if (pin?.holder === activity.id) changes.push(put('pin', { ...pin, holder: '' }));
  if (pin?.cancelledBy === activity.id) changes.push(put('pin', { id: pin.id, holder: pin.holder }));
  for (const window of windowsOf(input.state, activity.id)) changes.push(put('window', { ...window, counts: false }));
  return done(changes, 'activity', activity.id);
};

const walletOf = (state: OrgState, activity: ActivityRecord): Pick<WalletRecord, 'network' | 'address'> =>
  (activity.walletId ? find(state, 'wallet', activity.walletId) : undefined) ?? {
    network: activity.network ?? 'KeyECDSA',
  };
