import { type Pin, pinId } from '@/lib/domain/signing';
import type { ActivityRecord, PinRecord } from './records';

/**
 * The name under which an activity's pin is held. A nonce has one holder. A digest is shared by nobody: two requests may ask for
 * the same signature, and no second one is lost by it, so its pin belongs to its activity alone.
 */
export const heldPinId = (activityId: string, pin: Pin): string =>
  'digest' in pin ? `${pinId(pin)}:${activityId}` : pinId(pin);

/**
 * Whether an activity may use a pin: it holds it, it cancels the holder, or it repeats the holder's call and no cancel took the pin.
 */
export const mayUsePin = (
  { id, speedsUp }: Pick<ActivityRecord, 'id' | 'speedsUp'>,
  pin: PinRecord | undefined,
): boolean => {
  if (pin?.holder === id || pin?.cancelledBy === id) return true;
  return speedsUp !== undefined && pin?.holder === speedsUp.activityId && pin.cancelledBy === undefined;
};

/**
 * Whether a node that released `other` under a pin may release this activity under it too: a cancel after its target and the speed-ups of
 * that, a speed-up after the request it repeats and the speed-ups before it; of an abandoned one nothing was released that counts.
 */
export const mayFollow = (activity: ActivityRecord | undefined, other: ActivityRecord | undefined): boolean => {
  if (other?.status === 'Abandoned') return true;
  const holderId = activity?.cancels ?? activity?.speedsUp?.activityId;
  return holderId !== undefined && other !== undefined && (other.speedsUp?.activityId ?? other.id) === holderId;
};
