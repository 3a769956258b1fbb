import type { Intent } from '@/lib/chain/adapter';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { EcdsaSignature } from '@/lib/domain/signing';
import type { BroadcastActivity, BroadcastWallet } from './ports';
import type { PrepareDeps } from './prepare';

/**
 * Takes a signature of the signer nodes: joins it with the bytes it was made for, verifies it, stores both and asks for the broadcast,
 * committed before anything is sent. May be called again; the second call changes nothing.
 */
export const acceptSignature = async (
  input: {
    readonly orgId: string;
    readonly activity: BroadcastActivity;
    readonly wallet: BroadcastWallet;
    readonly intent: Intent;
    readonly signature: EcdsaSignature;
  },
  deps: PrepareDeps,
): Promise<Outcome<true>> => {
  const { activity, intent, wallet } = input;
  const { store, chain } = deps;
  const digest = activity.release?.digest ?? activity.reservation?.digest;
  const address = wallet.address?.toLowerCase();
  if (!digest || !address) return refused(409, 'broadcast.not_reserved', 'Nothing is reserved for this activity.');
  let attempt = await store.findByDigest(activity.id, digest);
  if (!attempt && activity.reservation?.digest === digest && activity.pin && !('digest' in activity.pin)) {
    // The database was restored without its last minutes: the ledger still holds the bytes.
    const { unsigned, attempt: number } = activity.reservation;
    const nonce = Number(activity.pin.nonce);
    const maxCost = (chain.bidOf(unsigned)?.cost ?? 0n) + chain.extraFee;
    const kind = activity.cancels ? 'cancel' : activity.speedsUp ? 'speedUp' : 'original';
    await store.inLane(wallet.network, address, (lane) =>
      lane.reserve({
        orgId: input.orgId,
        activityId: activity.id,
        network: wallet.network,
        address,
        nonce,
        attempt: number,
        kind,
        unsigned,
        digest,
        maxCost,
      }),
    );
    attempt = await store.findByDigest(activity.id, digest);
  }
  if (!attempt) return refused(409, 'broadcast.not_reserved', 'The signed bytes are not known.');
  const signed = chain.attach(intent, attempt.unsigned, input.signature);
  if (!signed.ok) return signed;
  await store.sign(attempt.id, signed.value);
  return accepted(true);
};
