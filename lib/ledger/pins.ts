import { type Pin, pinId } from '@/lib/domain/signing';

/**
 * The name under which an activity's pin is held. A nonce has one holder. A digest is shared by nobody: two requests may ask for
 * the same signature, and no second one is lost by it, so its pin belongs to its activity alone.
 */
export const heldPinId = (activityId: string, pin: Pin): string =>
  'digest' in pin ? `${pinId(pin)}:${activityId}` : pinId(pin);
