import { chainRulesFor } from '@/lib/chain/rules';
import { buildMessage } from '@/lib/chain/evm/build';
import { type Outcome, refused } from '@/lib/domain/refusal';
import { intentOfActivity } from '@/lib/ledger/intent';
import type { ActivityRecord, WalletRecord } from '@/lib/ledger/records';
import type { Prepared } from './ports';

/** The bytes of a message or hash to sign: they are the request's own, and their digest is the pin. */
export const prepareMessage = (activity: ActivityRecord, wallet: WalletRecord | null): Outcome<Prepared> => {
  const place = wallet ?? { network: activity.network ?? 'KeyECDSA' };
  const rules = chainRulesFor(place.network);
  if (!rules) return refused(400, 'network.not_enabled', `network not enabled: ${place.network}`);
  const intent = intentOfActivity(activity, place);
  const unsigned = buildMessage(intent);
  if (!unsigned.ok) return unsigned;
  const checked = rules.checkUnsigned(intent, unsigned.value);
  if (!checked.ok) return checked;
  return { ok: true, value: { unsigned: unsigned.value, digest: checked.value.digest, pin: checked.value.pin, attempt: 1 } };
};
