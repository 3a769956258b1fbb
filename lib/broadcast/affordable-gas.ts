import type { Intent } from '@/lib/chain/adapter';
import type { Attempt, BroadcastChain, FeeBid, Lane } from './ports';
import { type Preparation, prepared, refusedForGood, refusedForNow } from './preparation';

type Spending = {
  readonly intent: Intent;
  readonly address: string;
  readonly lane: Lane;
  readonly nonce: number;
  readonly bid: FeeBid;
};

const OPEN: readonly Attempt['state'][] = ['reserved', 'signed', 'broadcast'];
const openElsewhere = (attempts: readonly Attempt[], nonce: number): readonly Attempt[] =>
  attempts.filter((attempt) => OPEN.includes(attempt.state) && attempt.nonce !== nonce);

/** Most native coin that open attempts on other nonces may still take. Of several on one nonce only one is ever mined. */
export const promisedElsewhere = (attempts: readonly Attempt[], nonce: number): bigint => {
  const most = new Map<number, bigint>();
  for (const attempt of openElsewhere(attempts, nonce))
    most.set(attempt.nonce, larger(attempt.maxCost, most.get(attempt.nonce) ?? 0n));
  return [...most.values()].reduce((sum, cost) => sum + cost, 0n);
};

/**
 * The gas limit to use, or why the wallet can't pay for this. What other open attempts may still take is not available. While there are
 * any, nothing is final: one of them may fail, bring money in, or be the approval of a token that this call spends.
 */
export const affordableGas = async (spending: Spending, chain: BroadcastChain): Promise<Preparation<bigint>> => {
  const { intent, address, lane, nonce, bid } = spending;
  const limits = chain.limits(intent);
  const call = chain.callOf(intent);
  if (!limits || !call) return refusedForGood(422, 'chain.request', 'The request is no transaction that can be built.');
  const promised = promisedElsewhere(lane.attempts, nonce);
  const refuse = openElsewhere(lane.attempts, nonce).length === 0 ? refusedForGood : refusedForNow;

  const token = chain.tokenOf(intent);
  const [balance, tokens] = await Promise.all([
    chain.balance(address),
    token ? chain.tokenBalance(token.contract, address) : 0n,
  ]);
  if (token && tokens === null)
    return refuse(409, 'broadcast.no_token', `There is no token contract at ${token.contract}.`);
  if (token && tokens !== null && tokens < token.amount)
    return refuse(
      409,
      'broadcast.insufficient_funds',
      `The wallet holds ${tokens} of the token ${token.contract} and the request needs ${token.amount}.`,
    );
  const lacking = (gas: bigint): Preparation<bigint> | null => {
    const needed = call.value + gas * bid.maxFeePerGas + chain.extraFee + promised;
    if (needed <= balance) return null;
    const before = promised === 0n ? '' : `, of which ${promised} are promised to requests before it`;
    return refuse(
      409,
      'broadcast.insufficient_funds',
      `The wallet holds ${balance} and the request needs up to ${needed}${before}.`,
    );
  };
  const poor = lacking(0n);
  if (poor) return poor;
  const fixed = gasOfBody(intent);
  if (fixed !== null) return lacking(fixed) ?? prepared(fixed);
  const estimate = await chain.estimateGas({ from: address, ...call });
  if (!estimate.ok) return refuse(estimate.refusal.status, estimate.refusal.code, estimate.refusal.message);
  if (estimate.value > limits.gas)
    return refuse(
      409,
      'broadcast.gas',
      `The transaction needs ${estimate.value} gas and the request allows ${limits.gas}.`,
    );
  // A fifth more: what a call needs can change until it is mined. A plain payment's need can't.
  const gas =
    call.data === '0x' && estimate.value === 21_000n
      ? estimate.value
      : smaller((estimate.value * 12n) / 10n, limits.gas);
  return lacking(gas) ?? prepared(gas);
};

const gasOfBody = (intent: Intent): bigint | null => {
  const { gasLimit } = intent.requestBody;
  return typeof gasLimit === 'string' ? BigInt(gasLimit) : null;
};

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
