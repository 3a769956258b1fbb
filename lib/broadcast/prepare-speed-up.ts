import { promisedElsewhere } from './affordable-gas';
import type { Attempt, BroadcastActivity, BroadcastChain, FeeBid, Lane } from './ports';
import { asRuled, type Preparation, type PrepareInput, prepared, refusedForGood, refusedForNow } from './preparation';

type Held = PrepareInput & {
  readonly address: string;
  readonly lane: Lane;
  readonly market: FeeBid;
  readonly baseFeePerGas: bigint;
  /** Nonce that the chain expects next. */
  readonly chainCount: number;
};

/**
 * The bytes of a request once more with nothing but higher fees: enough to outbid everything made for its nonce, and what the market asks,
 * as far as its fee ceiling goes. What could not be mined even so is not signed. A retry keeps its bytes.
 */
export const prepareSpeedUp = async (
  input: Held,
  { unsigned: earlier }: NonNullable<BroadcastActivity['speedsUp']>,
  chain: BroadcastChain,
): Promise<Preparation> => {
  const { intent, activity, lane, market, baseFeePerGas, chainCount } = input;
  const before = chain.bidOf(earlier);
  const limits = chain.limits(intent);
  if (!before || !limits) return refusedForGood(422, 'chain.request', 'The request to speed up can’t be read.');
  const last = lane.attempts.findLast((attempt) => attempt.activityId === activity.id);
  if (last) {
    const same = asRuled(chain.checkSpeedUp(intent, earlier, last.unsigned));
    return same.ok ? prepared({ ...same.value, unsigned: last.unsigned, attempt: last.attempt }) : same;
  }
  if (before.nonce < chainCount)
    return refusedForGood(
      409,
      'speed_up.mined',
      `Nonce ${before.nonce} is used already: there is nothing to speed up.`,
    );
  const wanted = bidsFor(before.nonce, lane.attempts, chain).reduce<FeeBid>(
    (bid, one) => chain.outbid(one, bid),
    chain.outbid(before, market),
  );
  const maxFeePerGas = smaller(wanted.maxFeePerGas, limits.maxFeePerGas);
  const maxPriorityFeePerGas = smaller(smaller(wanted.maxPriorityFeePerGas, limits.maxPriorityFeePerGas), maxFeePerGas);
  const above = refusedForGood(
    409,
    'speed_up.above_ceiling',
    `The network asks for ${baseFeePerGas} wei per gas now and a replacement has to offer ${wanted.maxFeePerGas}; what was approved with the request allows ${limits.maxFeePerGas}. Cancel it and ask again.`,
  );
  const unsigned = chain.reprice(earlier, { maxFeePerGas, maxPriorityFeePerGas });
  if (unsigned === null || maxFeePerGas < baseFeePerGas) return above;
  const checked = chain.checkSpeedUp(intent, earlier, unsigned);
  if (!checked.ok) return checked.refusal.code === 'chain.mismatch' ? asRuled(checked) : above;
  const maxCost = (chain.bidOf(unsigned)?.cost ?? 0n) + chain.extraFee;
  const poor = await cannotPay(input, { nonce: before.nonce, maxCost }, chain);
  if (poor) return poor;
  await lane.reserve({
    orgId: input.orgId,
    activityId: activity.id,
    network: input.wallet.network,
    address: input.address,
    nonce: before.nonce,
    attempt: 1,
    kind: 'speedUp',
    unsigned,
    digest: checked.value.digest,
    maxCost,
  });
  return prepared({ ...checked.value, unsigned, attempt: 1 });
};

const bidsFor = (nonce: number, attempts: readonly Attempt[], chain: BroadcastChain): readonly FeeBid[] =>
  attempts.filter((attempt) => attempt.nonce === nonce).flatMap((attempt) => chain.bidOf(attempt.unsigned) ?? []);

const cannotPay = async (
  { address, lane }: Held,
  { nonce, maxCost }: { readonly nonce: number; readonly maxCost: bigint },
  chain: BroadcastChain,
): Promise<Preparation | null> => {
  const balance = await chain.balance(address);
  const promised = promisedElsewhere(lane.attempts, nonce);
  if (maxCost + promised <= balance) return null;
  return refusedForNow(
    409,
    'broadcast.insufficient_funds',
    `The wallet holds ${balance} and the request needs up to ${maxCost + promised}, of which ${promised} are promised to other requests.`,
  );
};

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
