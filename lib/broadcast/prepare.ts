import type { Intent } from '@/lib/chain/adapter';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Pin } from '@/lib/domain/signing';
import { chooseNonce } from './choose-nonce';
import type {
  Attempt,
  AttemptStore,
  BroadcastActivity,
  BroadcastChain,
  BroadcastWallet,
  FeeBid,
  Lane,
  RecordPorts,
} from './ports';

/** What the signer nodes are asked to sign. Hex without prefix. */
export type Prepared = {
  readonly unsigned: string;
  readonly digest: string;
  readonly pin: Pin;
  readonly attempt: number;
};

export type PrepareDeps = {
  readonly store: AttemptStore;
  readonly records: RecordPorts;
  readonly chain: BroadcastChain;
};
export type PrepareInput = {
  readonly orgId: string;
  readonly activity: BroadcastActivity;
  readonly wallet: BroadcastWallet;
  readonly intent: Intent;
};

/**
 * Chooses nonce, gas and fee inside the ceiling and builds the bytes. A retry of the same activity keeps its pin, and its bytes as long
 * as the market has not outrun them. Nothing is sent and nothing is bound yet: the ledger's `reserve` entry does that.
 */
export const prepareTransaction = async (input: PrepareInput, deps: PrepareDeps): Promise<Outcome<Prepared>> => {
  const { wallet, activity } = input;
  const address = wallet.address?.toLowerCase();
  if (!address) return refused(409, 'broadcast.no_address', 'The wallet has no address yet.');
  const [fees, chainCount] = await Promise.all([deps.chain.fees(), deps.chain.transactionCount(address)]);
  const market = fees[priorityOf(input.intent)];
  return deps.store.inLane(wallet.network, address, async (lane) => {
    const own = lane.attempts.filter((attempt) => attempt.activityId === activity.id);
    const last = own.at(-1);
    if (last) return again({ ...input, address, lane, last, market }, deps);
    const place = activity.cancels
      ? await placeOfTarget(input.orgId, activity.cancels, { address, lane }, deps)
      : await freePlace({ ...input, address, lane, chainCount }, deps);
    if (!place.ok) return place;
    return first({ ...input, address, lane, market, place: place.value }, deps);
  });
};

type Place = { readonly nonce: number; readonly outbids: readonly Attempt[] };
type Held = PrepareInput & { readonly address: string; readonly lane: Lane; readonly market: FeeBid };

/** The same bytes again, or dearer ones on the same nonce where the market asks for more than they offer. */
const again = async (input: Held & { readonly last: Attempt }, deps: PrepareDeps): Promise<Outcome<Prepared>> => {
  const { last, market, intent } = input;
  const { chain } = deps;
  const bid = chain.bidOf(last.unsigned);
  const isOutrun = bid !== null && market.maxFeePerGas > bid.maxFeePerGas * 2n && last.state === 'reserved';
  const same = checkBytes(input, last.unsigned, last.nonce, chain);
  if (!same.ok || !isOutrun)
    return same.ok ? accepted({ ...same.value, unsigned: last.unsigned, attempt: last.attempt }) : same;
  const limits = chain.limits(intent);
  const dearer = chain.outbid(bid, market);
  if (!limits || dearer.maxFeePerGas > limits.maxFeePerGas || dearer.maxPriorityFeePerGas > limits.maxPriorityFeePerGas)
    return accepted({ ...same.value, unsigned: last.unsigned, attempt: last.attempt });
  return buildAndReserve(input, { nonce: last.nonce, attempt: last.attempt + 1, bid: dearer }, deps);
};

const first = async (input: Held & { readonly place: Place }, deps: PrepareDeps): Promise<Outcome<Prepared>> => {
  const limits = deps.chain.limits(input.intent);
  if (!limits) return refused(422, 'chain.request', 'The fee limits of the request cannot be read.');
  const earlier = input.place.outbids.flatMap((attempt) => deps.chain.bidOf(attempt.unsigned) ?? []);
  const wanted = earlier.reduce<FeeBid>((bid, one) => deps.chain.outbid(one, bid), input.market);
  const bid = {
    maxFeePerGas: smaller(wanted.maxFeePerGas, limits.maxFeePerGas),
    maxPriorityFeePerGas: smaller(
      smaller(wanted.maxPriorityFeePerGas, limits.maxPriorityFeePerGas),
      limits.maxFeePerGas,
    ),
  };
  return buildAndReserve(input, { nonce: input.place.nonce, attempt: 1, bid }, deps);
};

const buildAndReserve = async (
  input: Held,
  choice: { readonly nonce: number; readonly attempt: number; readonly bid: FeeBid },
  deps: PrepareDeps,
): Promise<Outcome<Prepared>> => {
  const { chain } = deps;
  const { intent, address, lane, activity, orgId, wallet } = input;
  const affordable = await checkFunds(input, choice.bid, chain);
  if (!affordable.ok) return affordable;
  const built = chain.build(intent, { nonce: choice.nonce, gasLimit: affordable.value, ...choice.bid });
  if (!built.ok) return built;
  const checked = checkBytes(input, built.value, choice.nonce, chain);
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
  return accepted({ ...checked.value, unsigned: built.value, attempt: choice.attempt });
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

/** The gas limit to use, or why the wallet can't pay for this. What other open attempts may still take is not available. */
const checkFunds = async (input: Held, bid: FeeBid, chain: BroadcastChain): Promise<Outcome<bigint>> => {
  const { intent, address, lane } = input;
  const limits = chain.limits(intent);
  const call = chain.callOf(intent);
  if (!limits || !call) return refused(422, 'chain.request', 'The request is no transaction that can be built.');
  const promised = lane.attempts
    .filter(
      (attempt) =>
        ['reserved', 'signed', 'broadcast'].includes(attempt.state) && attempt.activityId !== input.activity.id,
    )
    .reduce((sum, attempt) => sum + attempt.maxCost, 0n);
  const [balance, token] = await Promise.all([chain.balance(address), tokenShortage(intent, address, chain)]);
  if (token) return token;
  const lacking = (gas: bigint): Outcome<bigint> | null => {
    const needed = call.value + gas * bid.maxFeePerGas + chain.extraFee + promised;
    if (needed <= balance) return null;
    const others = promised === 0n ? '' : `, of which ${promised} are promised to requests before it`;
    return refused(
      409,
      'broadcast.insufficient_funds',
      `The wallet holds ${balance} and the request needs up to ${needed}${others}.`,
    );
  };
  const poor = lacking(0n);
  if (poor) return poor;
  const fixed = gasOfBody(intent);
  if (fixed !== null) return lacking(fixed) ?? accepted(fixed);
  const estimate = await chain.estimateGas({ from: address, ...call });
  if (!estimate.ok) return estimate;
  if (estimate.value > limits.gas)
    return refused(
      409,
      'broadcast.gas',
      `The transaction needs ${estimate.value} gas and the request allows ${limits.gas}.`,
    );
  // A fifth more: what a call needs can change until it is mined. A plain payment's need can't.
  const gas =
    call.data === '0x' && estimate.value === 21_000n
      ? estimate.value
      : smaller((estimate.value * 12n) / 10n, limits.gas);
  return lacking(gas) ?? accepted(gas);
};

const tokenShortage = async (
  intent: Intent,
  address: string,
  chain: BroadcastChain,
): Promise<Outcome<never> | null> => {
  const token = chain.tokenOf(intent);
  if (!token) return null;
  const balance = await chain.tokenBalance(token.contract, address).catch(() => null);
  if (balance === null) return refused(409, 'broadcast.no_token', `There is no token contract at ${token.contract}.`);
  if (balance >= token.amount) return null;
  return refused(
    409,
    'broadcast.insufficient_funds',
    `The wallet holds ${balance} of the token ${token.contract} and the request needs ${token.amount}.`,
  );
};

/** A nonce nobody holds; slots of requests that ended before they were signed are given back first. */
const freePlace = async (
  input: PrepareInput & { readonly address: string; readonly lane: Lane; readonly chainCount: number },
  deps: PrepareDeps,
): Promise<Outcome<Place>> => {
  const { orgId, activity, address, lane, chainCount, intent } = input;
  if (activity.pin && !('digest' in activity.pin)) return accepted({ nonce: Number(activity.pin.nonce), outbids: [] });
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
      return accepted({ nonce, outbids: [] });
    if (isWanted) return refused(409, 'broadcast.nonce_taken', `Nonce ${nonce} is used or held by another request.`);
    pinned.push({ nonce, state: 'reserved' });
  }
};

/** A cancel takes the nonce of what it cancels and outbids everything made for it. */
const placeOfTarget = async (
  orgId: string,
  targetId: string,
  held: { readonly address: string; readonly lane: Lane },
  deps: PrepareDeps,
): Promise<Outcome<Place>> => {
  const target = await deps.records.activity(orgId, targetId);
  if (!target?.pin || 'digest' in target.pin)
    return refused(409, 'cancel.not_pinned', 'The request to cancel holds no nonce.');
  const nonce = Number(target.pin.nonce);
  return accepted({ nonce, outbids: held.lane.attempts.filter((attempt) => attempt.nonce === nonce) });
};

const priorityOf = (intent: Intent): 'slow' | 'standard' | 'fast' => {
  const { priority } = intent.requestBody;
  return priority === 'Slow' ? 'slow' : priority === 'Fast' ? 'fast' : 'standard';
};

const gasOfBody = (intent: Intent): bigint | null => {
  const { gasLimit } = intent.requestBody;
  return typeof gasLimit === 'string' ? BigInt(gasLimit) : null;
};

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
