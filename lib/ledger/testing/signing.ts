import { buildMessage, buildUnsigned, type Choice } from '@/lib/chain/evm/build';
import { outbid } from '@/lib/chain/evm/fee-quote';
import { decodeUnsigned } from '@/lib/chain/evm/unsigned';
import type { Json } from '@/lib/domain/canonical-json';
import type { Outcome } from '@/lib/domain/refusal';
import { checkBundle } from '@/lib/evidence/check-bundle';
import { abandonHash } from '@/lib/evidence/checkpoint';
import { intentOfActivity } from '../intent';
import type { ActivityRecord } from '../records';
import type { Extension, Replica } from '../replay';
import { find } from '../state';
import type { Chain } from './chain';
import type { People } from './people';
import { TEST_PORTS } from './ports';
import type { Forgery } from './requests';

export const BOB = '0x00000000000000000000000000000000000000bb';
export const MALLORY = '0x00000000000000000000000000000000000000ee';
const GWEI = 1_000_000_000n;
const CHOICE: Choice = { nonce: 0, gasLimit: 50_000n, maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };

/** The same nonce and gas at the lowest fees that replace the earlier bytes. */
const outbidding = (earlier: string): Partial<Choice> => {
  const decoded = decodeUnsigned(earlier);
  if (!decoded.ok) throw new Error(decoded.refusal.message);
  const { nonce, gas: gasLimit, maxFeePerGas, maxPriorityFeePerGas } = decoded.value;
  const market = { maxFeePerGas, maxPriorityFeePerGas };
  return { nonce, gasLimit, ...outbid(market, market) };
};

/** Requests, and what becomes of them on the way to a signature. */
export const createSigning = (chain: Chain, { keys }: Pick<People, 'keys'>) => {
  const { admin, replica, quorum, orgId, now, append, act, signatures, checkpoint } = chain;
  const transfer = (
    walletId: string,
    more: { [key: string]: Json } = {},
    signer = admin,
    forgery: Forgery = {},
  ): Extension =>
    act(signer, 'wallets.transferAsset', { walletId }, { kind: 'Native', to: BOB, amount: '5', ...more }, forgery);
  const activity = (activityId: string): ActivityRecord => {
    const found = find(replica.state, 'activity', activityId);
    if (!found) throw new Error(`No activity ${activityId}.`);
    return found;
  };
  const unsignedOf = (item: ActivityRecord, choice: Partial<Choice> = {}): string => {
    const owner = item.walletId ? find(replica.state, 'wallet', item.walletId) : undefined;
    const intent = intentOfActivity(item, owner ?? { network: item.network ?? 'KeyECDSA' });
    const built =
      item.kind === 'Signature'
        ? buildMessage(intent)
        : buildUnsigned(intent, { ...CHOICE, ...(item.speedsUp ? outbidding(item.speedsUp.unsigned) : {}), ...choice });
    if (!built.ok) throw new Error(built.refusal.message);
    return built.value;
  };
  /** A `reserve` entry with the bytes the broadcaster would choose, and whatever time the server writes there. */
  const reserve = (
    activityId: string,
    choice: Partial<Choice> = {},
    body: { [key: string]: Json } = {},
    more: { readonly at?: number } = {},
  ): Extension => {
    const item = activity(activityId);
    const owner = item.walletId ? find(replica.state, 'wallet', item.walletId) : undefined;
    const network = owner?.network ?? item.network ?? 'KeyECDSA';
    const unsigned = unsignedOf(item, choice);
    const rules = TEST_PORTS.chainRules(network);
    const intent = intentOfActivity(item, owner ?? { network });
    const target = item.cancels ? activity(item.cancels) : undefined;
    const checked = target?.pin
      ? rules?.checkCancel(intent, target.pin, unsigned)
      : item.speedsUp
        ? rules?.checkSpeedUp(intent, item.speedsUp.unsigned, unsigned)
        : rules?.checkUnsigned(intent, unsigned);
    if (!checked?.ok) throw new Error(`Not reservable: ${JSON.stringify(checked)}`);
    const pin = target?.pin ?? (checked.value as unknown as { pin: Json }).pin;
    const reserved = { activityId, unsigned, digest: checked.value.digest, pin: pin as Json, attempt: 0, ...body };
    return append('reserve', reserved, more);
  };
  const release = (activityId: string, digest = activity(activityId).reservation?.digest ?? ''): Extension => {
    const { keyId } = activity(activityId);
    return append('release', {
      activityId,
      digest,
      signature: (keys.get(keyId)?.sign(digest) ?? null) as unknown as Json,
    });
  };
  /** What the broadcaster states: the transaction is in the mempool, or at another place. */
  const broadcast = (activityId: string, progress: { [key: string]: Json } = {}): Extension =>
    append('broadcast', { activityId, status: 'Broadcasted', ...progress });
  const abandon = (activityId: string, by: readonly number[] = quorum): Extension =>
    append('abandon', { activityId }, { nodeSignatures: signatures(abandonHash(orgId, activityId), by) });

  /** What an honest node answers when asked to sign the activity now, under the checkpoint given (a fresh one if none). */
  const judge = (
    activityId: string,
    more: { under?: { seq: number; root: string; at: number }; follower?: Replica; unsigned?: string } = {},
  ): Outcome<unknown> => {
    const under = more.under ?? checkpoint();
    const item = activity(activityId);
    const bundle = {
      v: 1 as const,
      orgId,
      activityId,
      head: { seq: under.seq, root: under.root },
      unsigned: more.unsigned ?? item.reservation?.unsigned ?? '',
      digests: [item.reservation?.digest ?? ''],
      attempt: 0,
      participants: quorum,
    };
    const place = { now: now(), freshSignedCheckpoints: [{ orgId, ...under }] };
    return checkBundle(more.follower ?? replica, bundle, TEST_PORTS, place);
  };
  /** Reserves, asks a node, and says `SIGNED` or the code of the refusal, as the traces of the model do. */
  const sign = (activityId: string, nonce = 0): string => {
    if (activity(activityId).status === 'Approved') {
      const reserved = reserve(activityId, { nonce });
      if (reserved.kind === 'void') return reserved.refusal.code;
    }
    const judged = judge(activityId);
    return judged.ok ? 'SIGNED' : judged.refusal.code;
  };

  return { transfer, activity, unsignedOf, reserve, release, broadcast, abandon, judge, sign };
};
