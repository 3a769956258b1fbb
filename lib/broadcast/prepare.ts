import type { Intent } from '@/lib/chain/adapter';
import { accepted, type Outcome } from '@/lib/domain/refusal';
import type { Pin } from '@/lib/domain/signing';
import { affordableGas } from './affordable-gas';
import { chooseNonce } from './choose-nonce';
import type { Attempt, AttemptStore, BroadcastChain, FeeBid, Lane, RecordPorts } from './ports';
import { asRuled, type Preparation, type PrepareInput, prepared, refusedForGood, refusedForNow } from './preparation';
import { prepareSpeedUp } from './prepare-speed-up';

export type PrepareDeps = {
  readonly store: AttemptStore;
  readonly records: RecordPorts;
  readonly chain: BroadcastChain;
};

/**
 * Chooses nonce, gas and fee inside the ceiling and builds the bytes. A retry of the same activity keeps its pin, and its bytes as long
 * as the market has not outrun them. Nothing is sent and nothing is bound yet: the ledger's `reserve` entry does that.
 */
export const prepareTransaction = async (input: PrepareInput, deps: PrepareDeps): Promise<Preparation> => {
  const { wallet, activity } = input;
  const address = wallet.address?.toLowerCase();
  if (!address) return refusedForNow(409, 'broadcast.no_address', 'The wallet has no address yet.');
  const [fees, chainCount] = await Promise.all([deps.chain.fees(), deps.chain.transactionCount(address)]);
  const market = fees[priorityOf(input.intent)];
  return deps.store.inLane(wallet.network, address, async (lane) => {
    const last = lane.attempts.findLast((attempt) => attempt.activityId === activity.id);
    const { baseFeePerGas } = fees;
    if (activity.speedsUp)
      return prepareSpeedUp(
        { ...input, address, lane, market, baseFeePerGas, chainCount },
        activity.speedsUp,
        deps.chain,
      );
    if (last) return again({ ...input, address, lane, last, market, baseFeePerGas }, deps);
    const place = activity.cancels
      ? await placeOfTarget(input.orgId, activity.cancels, { address, lane }, deps)
      : await freePlace({ ...input, address, lane, chainCount }, deps);
    if (!place.ok) return place;
    return first({ ...input, address, lane, market, baseFeePerGas, place: place.value }, deps);
  });
};

type Place = { readonly nonce: number; readonly outbids: readonly Attempt[] };
type Held = PrepareInput & {
  readonly address: string;
  readonly lane: Lane;
  readonly market: FeeBid;
  readonly baseFeePerGas: bigint;
};

/** The same bytes again, or dearer ones on the same nonce where the market asks for more than they offer. */
const again = async (input: Held & { readonly last: Attempt }, deps: PrepareDeps): Promise<Preparation> => {
  const { last, market, intent } = input;
  const { chain } = deps;
  const bid = chain.bidOf(last.unsigned);
  const isOutrun = bid !== null && market.maxFeePerGas > bid.maxFeePerGas * 2n && last.state === 'reserved';
  const same = asRuled(checkBytes(input, last.unsigned, last.nonce, chain));
  if (!same.ok || !isOutrun)
    return same.ok ? prepared({ ...same.value, unsigned: last.unsigned, attempt: last.attempt }) : same;
  const limits = chain.limits(intent);
  const dearer = chain.outbid(bid, market);
  if (!limits || dearer.maxFeePerGas > limits.maxFeePerGas || dearer.maxPriorityFeePerGas > limits.maxPriorityFeePerGas)
    return prepared({ ...same.value, unsigned: last.unsigned, attempt: last.attempt });
  return buildAndReserve(input, { nonce: last.nonce, attempt: last.attempt + 1, bid: dearer }, deps);
};

const first = async (input: Held & { readonly place: Place }, deps: PrepareDeps): Promise<Preparation> => {
  const limits = deps.chain.limits(input.intent);
  if (!limits) return refusedForGood(422, 'chain.request', 'The fee limits of the request cannot be read.');
  const earlier = input.place.outbids.flatMap((attempt) => deps.chain.bidOf(attempt.unsigned) ?? []);
  const wanted = earlier.reduce<FeeBid>((bid, one) => deps.chain.outbid(one, bid), input.market);
  const bid = {
    maxFeePerGas: smaller(wanted.maxFeePerGas, limits.maxFeePerGas),
    maxPriorityFeePerGas: smaller(
      smaller(wanted.maxPriorityFeePerGas, limits.maxPriorityFeePerGas),
      limits.maxFeePerGas,
    ),
  };
  if (bid.maxFeePerGas * FEE_RECOVERY < input.baseFeePerGas)
    return refusedForGood(
      409,
      'broadcast.fee_too_low',
      `The request may pay ${bid.maxFeePerGas} wei per gas and the network asks for ${input.baseFeePerGas} now. Ask again with a higher limit, or later.`,
    );
  return buildAndReserve(input, { nonce: input.place.nonce, attempt: 1, bid }, deps);
};

/**
 * A limit below the base fee is signed all the same if half the base fee would do: six blocks without demand. It then waits at the
 * network, says so, and can be cancelled. A lower one would hold the nonce of everything after it for nothing.
 */
const FEE_RECOVERY = 2n;

const buildAndReserve = async (
  input: Held,
  choice: { readonly nonce: number; readonly attempt: number; readonly bid: FeeBid },
  deps: PrepareDeps,
): Promise<Preparation> => {
  const { chain } = deps;
  const { intent, address, lane, activity, orgId, wallet } = input;
  const { nonce, bid } = choice;
  const affordable = await affordableGas({ intent, address, lane, nonce, bid }, chain);
  if (!affordable.ok) return affordable;
  const built = asRuled(chain.build(intent, { nonce: choice.nonce, gasLimit: affordable.value, ...choice.bid }));
  if (!built.ok) return built;
  const checked = asRuled(checkBytes(input, built.value, choice.nonce, chain));
  if (!checked.ok) return checked;
  await lane.reserve({
    orgId,
    activityId: activity.id,
    network: wallet.network,
    address,
    nonce: choice.nonce,
    attempt: choice.attempt,
    kind: activity.cancels ? 'cancel' : 'original',
    unsigned: built.value,
    digest: checked.value.digest,
    maxCost: (chain.bidOf(built.value)?.cost ?? 0n) + chain.extraFee,
  });
  return prepared({ ...checked.value, unsigned: built.value, attempt: choice.attempt });
};

/** The same check that every signer node makes; what it would refuse is not reserved. */
const checkBytes = (
  input: Held,
  unsigned: string,
  nonce: number,
  chain: BroadcastChain,
): Outcome<{ digest: string; pin: Pin }> => {
  if (!input.activity.cancels) return chain.check(input.intent, unsigned);
  const pin: Pin = { chain: chain.chain, sender: input.address, nonce: String(nonce) };
  const checked = chain.checkCancel(input.intent, pin, unsigned);
  return checked.ok ? accepted({ digest: checked.value.digest, pin }) : checked;
};

/** A nonce nobody holds; slots of requests that ended before they were signed are given back first. */
const freePlace = async (
  input: PrepareInput & { readonly address: string; readonly lane: Lane; readonly chainCount: number },
  deps: PrepareDeps,
): Promise<Preparation<Place>> => {
  const { orgId, activity, address, lane, chainCount, intent } = input;
  if (activity.pin && !('digest' in activity.pin)) return prepared({ nonce: Number(activity.pin.nonce), outbids: [] });
  const over: string[] = [];
  for (const attempt of lane.attempts) {
    if (attempt.state !== 'reserved') continue;
    const holder = await deps.records.activity(attempt.orgId, attempt.activityId);
    // Given up before it was reserved: nothing pins it, and it is never signed later.
    const isFailed = holder?.chain?.status === 'Failed' && holder.pin === undefined;
    const isAlive =
      holder &&
      holder.status !== 'Abandoned' &&
      !isFailed &&
      (holder.pin !== undefined || holder.status === 'Approved');
    if (!isAlive) over.push(attempt.id);
  }
  if (over.length > 0) await lane.release(over);
  const attempts = lane.attempts.filter((attempt) => !over.includes(attempt.id));
  const wanted = intent.requestBody.nonce;
  const isWanted = wanted !== undefined;
  const pinned: { nonce: number; state: 'reserved' }[] = [];
  for (;;) {
    const nonce = isWanted ? Number(wanted) : chooseNonce([...attempts, ...pinned], chainCount);
    const isTaken = isWanted && (nonce < chainCount || attempts.some((attempt) => attempt.nonce === nonce));
    const pin: Pin = { chain: deps.chain.chain, sender: address, nonce: String(nonce) };
    if (!isTaken && !(await deps.records.pinHeldByOther(orgId, pin, activity.id)))
      return prepared({ nonce, outbids: [] });
    if (isWanted) {
      const isUsed = nonce < chainCount;
      const refuse = isUsed ? refusedForGood : refusedForNow;
      return refuse(
        409,
        'broadcast.nonce_taken',
        `Nonce ${nonce} ${isUsed ? 'is used already' : 'is held by another request'}.`,
      );
    }
    pinned.push({ nonce, state: 'reserved' });
  }
};

/** A cancel takes the nonce of what it cancels and outbids everything made for it. */
const placeOfTarget = async (
  orgId: string,
  targetId: string,
  held: { readonly address: string; readonly lane: Lane },
  deps: PrepareDeps,
): Promise<Preparation<Place>> => {
  const target = await deps.records.activity(orgId, targetId);
  if (!target?.pin || 'digest' in target.pin)
    return refusedForGood(409, 'cancel.not_pinned', 'The request to cancel holds no nonce.');
  const nonce = Number(target.pin.nonce);
  return prepared({ nonce, outbids: held.lane.attempts.filter((attempt) => attempt.nonce === nonce) });
};

const priorityOf = (intent: Intent): 'slow' | 'standard' | 'fast' => {
  const { priority } = intent.requestBody;
  return priority === 'Slow' ? 'slow' : priority === 'Fast' ? 'fast' : 'standard';
};

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
