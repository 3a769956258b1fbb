import type {
  Attempt,
  AttemptStore,
  BroadcastActivity,
  BroadcastChain,
  Progress,
  RecordPorts,
  SendAnswer,
} from './ports';

export type FollowDeps = {
  readonly store: AttemptStore;
  readonly records: RecordPorts;
  readonly chain: BroadcastChain;
  readonly onNews?: (attempt: Attempt, news: string) => void;
};

type Signed = Attempt & { readonly raw: string; readonly hash: string };
type Mined = NonNullable<Awaited<ReturnType<BroadcastChain['receipt']>>>;

/**
 * Looks once at where a signed attempt is and does what is due: sends it, confirms it, notices that its block is gone, or ends it.
 * Idempotent: the bytes and so the hash are always the same. What a node does not know of is never taken as failure.
 * @returns whether the attempt is at its end.
 */
export const followAttempt = async (attemptId: string, deps: FollowDeps): Promise<{ readonly isOver: boolean }> => {
  const attempt = await deps.store.find(attemptId);
  if (!attempt || !isSigned(attempt)) return { isOver: true };
  if (attempt.state === 'final' || attempt.state === 'lost') return { isOver: true };
  const mined = await canonicalReceipt(attempt.hash, deps.chain).catch(() => 'unknown' as const);
  if (mined === 'unknown') return offer(attempt, deps, 'unknown');
  if (mined) return followMined(attempt, mined, deps);
  if (attempt.state === 'mined' && (await isBlockGone(attempt, deps.chain))) {
    if (await deps.store.advance(attempt.id, 'mined', 'broadcast', null)) {
      await tell(attempt, { status: 'Confirmed', subStatus: 'Reorged', txHash: attempt.hash }, deps);
      deps.onNews?.(attempt, 'reorged');
    }
    return offer({ ...attempt, state: 'broadcast' }, deps, 'not mined');
  }
  return offer(attempt, deps, 'not mined');
};

/** The receipt, if the block it names is the one at that height now. Nodes also answer with receipts of blocks they have dropped. */
const canonicalReceipt = async (hash: string, chain: BroadcastChain): Promise<Mined | null> => {
  const receipt = await chain.receipt(hash);
  return receipt && (await chain.blockHash(receipt.blockNumber)) === receipt.blockHash ? receipt : null;
};

const followMined = async (attempt: Signed, mined: Mined, deps: FollowDeps): Promise<{ isOver: boolean }> => {
  const { chain, store } = deps;
  await tell(attempt, { status: 'Broadcasted', txHash: attempt.hash }, deps);
  const block = { blockNumber: mined.blockNumber, blockHash: mined.blockHash };
  const told: Progress = { status: 'Confirmed', txHash: attempt.hash, fee: mined.fee.toString(), ...block };
  const [head, finalized] = await Promise.all([chain.head(), chain.finalizedHead()]);
  const isDeep = head - mined.blockNumber + 1 >= chain.confirmations;
  const isFinal = finalized !== null && finalized >= mined.blockNumber;
  if (!isDeep && !isFinal) {
    if (attempt.state === 'signed') await store.advance(attempt.id, 'signed', 'broadcast');
    return { isOver: false };
  }
  const isSameBlock = attempt.state === 'mined' && attempt.blockHash === mined.blockHash;
  if (!isSameBlock) await store.advance(attempt.id, attempt.state, 'mined', block);
  // A revert is told only when it is final: in another block the call could succeed, and Failed never goes back.
  if (mined.succeeded) await tell(attempt, told, deps);
  if (!isFinal) return { isOver: false };
  await tell(
    attempt,
    mined.succeeded
      ? { ...told, subStatus: 'Finalized' }
      : {
          ...told,
          status: 'Failed',
          subStatus: 'Reverted',
          reason: 'The transaction was reverted by the contract it calls.',
        },
    deps,
  );
  await store.advance(attempt.id, 'mined', 'final', block);
  return { isOver: true };
};

/** Positive evidence only: another block stands at that height. */
const isBlockGone = async (attempt: Attempt, chain: BroadcastChain): Promise<boolean> => {
  if (attempt.blockNumber === undefined) return false;
  const now = await chain.blockHash(attempt.blockNumber);
  return now !== null && now !== attempt.blockHash;
};

/** Offers the bytes to the network, also when it has them already. Only who knows that they are not mined may end the attempt. */
const offer = async (
  attempt: Signed,
  deps: FollowDeps,
  known: 'not mined' | 'unknown',
): Promise<{ isOver: boolean }> => {
  const result = await deps.chain.sendRaw(attempt.raw);
  if (result.kind === 'accepted' || result.kind === 'known') {
    await deps.store.advance(attempt.id, 'signed', 'broadcast');
    await tell(attempt, { status: 'Broadcasted', txHash: attempt.hash }, deps);
    return { isOver: false };
  }
  deps.onNews?.(attempt, `${result.kind}: ${result.message}`);
  const reason = WAITS[result.kind];
  if (reason && attempt.state !== 'mined' && !(await isOutbid(attempt, result.kind, deps.store)))
    await deps.records.waits(attempt.orgId, attempt.activityId, { code: reason[0], message: reason[1] });
  if (result.kind !== 'nonceTooLow' || known === 'unknown' || attempt.state === 'mined') return { isOver: false };
  return endIfLost(attempt, deps);
};

/** A node that holds a later attempt for the nonce finds this one too cheap: nothing waits for that. */
const isOutbid = async (attempt: Signed, answer: SendAnswer['kind'], store: AttemptStore): Promise<boolean> =>
  answer === 'underpriced' &&
  (await store.siblings(attempt)).some((other) => isSigned(other) && BigInt(other.id) > BigInt(attempt.id));

/** Why signed bytes are not taken yet; they are offered again and again. A speed-up or a cancel outbids them. */
const WAITS: { readonly [K in SendAnswer['kind']]?: readonly [code: string, message: string] } = {
  underpriced: [
    'broadcast.underpriced',
    'The fee limit of the request is below what the network asks for now. It waits until the network is cheaper; a cancel ends it.',
  ],
  insufficientFunds: [
    'broadcast.insufficient_funds',
    'The wallet no longer holds what the signed transaction needs. It waits for funds; a cancel ends it.',
  ],
  invalid: [
    'broadcast.invalid',
    'The network does not take the signed transaction. It is offered again; a cancel ends it.',
  ],
  unavailable: [
    'broadcast.unavailable',
    'No node of the network takes the signed transaction now. It is offered again.',
  ],
};

/**
 * The nonce is used. Lost only when that is final and none of the hashes we ever made for it is the reason, looked up after the count
 * was read: a receipt that is merely late shows up at the next look.
 */
const endIfLost = async (attempt: Signed, deps: FollowDeps): Promise<{ isOver: boolean }> => {
  const { chain, store } = deps;
  const finalized = await chain.finalizedHead();
  const count = await chain.transactionCount(attempt.address, 'finalized');
  if (finalized === null || count <= attempt.nonce) return { isOver: false };
  const siblings = (await store.siblings(attempt)).filter(isSigned);
  const receipts = await Promise.all(
    siblings.map(async (sibling) => ({ sibling, mined: await canonicalReceipt(sibling.hash, chain) })),
  );
  const winner = receipts.find(({ mined }) => mined !== null);
  if (winner?.sibling.id === attempt.id || (winner?.mined && winner.mined.blockNumber > finalized))
    return { isOver: false };
  if (winner?.sibling.activityId !== attempt.activityId) {
    await tell(attempt, { status: 'Failed', txHash: attempt.hash, ...whyLost(attempt, winner?.sibling) }, deps);
  }
  await store.advance(attempt.id, attempt.state, 'lost');
  return { isOver: true };
};

/** What used the nonce instead: one of our own attempts, or a transaction that we do not know. */
const whyLost = ({ nonce, kind }: Attempt, winner: Signed | undefined): Pick<Progress, 'subStatus' | 'reason'> => {
  if (winner?.kind === 'cancel') return { subStatus: 'Cancelled', reason: `Cancelled: ${winner.hash} used its nonce.` };
  if (winner?.kind === 'speedUp')
    return { subStatus: 'Replaced', reason: `Sped up: ${winner.hash} did the same at a higher fee.` };
  if (winner && kind !== 'original')
    return { subStatus: 'Replaced', reason: `What it was to replace was mined after all: ${winner.hash}.` };
  const which = winner ? ` (${winner.hash})` : '';
  return { subStatus: 'ReplacedExternally', reason: `Another transaction${which} used nonce ${nonce}.` };
};

const RANK: { readonly [status: string]: number } = { Broadcasted: 1, Confirmed: 2, Failed: 2 };

/** Tells the ledger what it does not know yet: one entry per status, another one only for a new sub-status. */
const tell = async (attempt: Attempt, progress: Progress, deps: FollowDeps): Promise<void> => {
  const activity = await deps.records.activity(attempt.orgId, attempt.activityId);
  if (!activity || !isNews(activity, progress)) return;
  const outcome = await deps.records.progress(attempt.orgId, attempt.activityId, progress);
  deps.onNews?.(attempt, outcome.ok ? (progress.subStatus ?? progress.status) : outcome.refusal.message);
};

const isNews = ({ chain }: BroadcastActivity, progress: Progress): boolean => {
  if (!chain) return true;
  const [before, now] = [RANK[chain.status] ?? 0, RANK[progress.status] ?? 0];
  if (now !== before) return now > before;
  if (chain.status !== progress.status) return false;
  if (progress.subStatus) return progress.subStatus !== chain.subStatus;
  // Confirmed once more after a reorganisation.
  return chain.subStatus === 'Reorged' && progress.status === 'Confirmed' && progress.blockHash !== undefined;
};

const isSigned = (attempt: Attempt): attempt is Signed => attempt.raw !== undefined && attempt.hash !== undefined;
