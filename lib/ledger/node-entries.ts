import { bytesToHex } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type EcdsaSignature, type Pin, pinId } from '@/lib/domain/signing';
import { abandonHash, checkpointHash } from '@/lib/evidence/checkpoint';
import { type KeyCertificate, verifyKeyCertificate } from '@/lib/mpc/key-certificate';
import { isExpired, isVoteLive, newApproval } from './approval';
import { freshId, notFound } from './checks';
import type { Decided } from './decision';
import type { Leaf, NodeSignature } from './entry';
import { intentOfActivity } from './intent';
import { APPROVED_LIFE_MS, judgeActivity } from './judge';
import { heldPinId } from './pins';
import type { LedgerPorts } from './ports';
import type { ActivityRecord, ChainProgress, Change, WalletRecord } from './records';
import { all, find, type OrgState, put } from './state';
import { settleWindows, windowsOf } from './windows';

/** An entry without a user's statement, with its parsed body and counted time. */
export type NodeEntryInput = {
  readonly state: OrgState;
  readonly leaf: Leaf;
  readonly body: { readonly [key: string]: unknown };
  readonly at: number;
  readonly ports: LedgerPorts;
  /** Merkle root over entries 0…seq, or null when the state doesn't reach that far. */
  readonly rootAt: (seq: number) => string | null;
};

const malformed = (what: string) => refused(400, 'ledger.malformed', `The ${what} entry is malformed.`);
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const done = (changes: Change[], kind: Decided['result']['kind'], id: string): Outcome<Decided> =>
  accepted({ changes, result: { kind, id }, status: 200 });

/** Distinct nodes of the genesis whose signatures over the hash hold. */
const signersOf = (input: NodeEntryInput, hash: Uint8Array): Set<number> => {
  const nodes = all(input.state, 'org')[0]?.genesis.nodes ?? [];
  const valid = (signature: NodeSignature) => {
    const node = nodes.find((item) => item.node === signature.node);
    return node !== undefined && input.ports.verifyEd25519(node.signingKey, hash, signature.signature);
  };
  return new Set((input.leaf.nodeSignatures ?? []).filter(valid).map((signature) => signature.node));
};

const activityOf = (input: NodeEntryInput): Outcome<ActivityRecord> => {
  const id = text(input.body.activityId) ?? '';
  const activity = find(input.state, 'activity', id);
  return activity ? accepted(activity) : notFound('activity', 'activityId', id);
};

const walletOf = (state: OrgState, activity: ActivityRecord): Pick<WalletRecord, 'network' | 'address'> =>
  (activity.walletId ? find(state, 'wallet', activity.walletId) : undefined) ?? {
    network: activity.network ?? 'KeyECDSA',
  };

export const decideKeyCertificate = (input: NodeEntryInput): Outcome<Decided> => {
  const key = find(input.state, 'key', text(input.body.keyId) ?? '');
  const genesis = all(input.state, 'org')[0]?.genesis;
  if (!key || !genesis) return notFound('key', 'keyId', text(input.body.keyId) ?? '');
  if (key.status !== 'Creating') return refused(409, 'key.certified', 'The key has its certificate already.');
  const certificate = input.body.certificate as KeyCertificate;
  const fits =
    typeof certificate === 'object' &&
    certificate !== null &&
    certificate.keyId === key.id &&
    certificate.threshold === genesis.k &&
    certificate.parties?.length === genesis.n;
  const verify = (party: number, hash: Uint8Array, signature: Uint8Array): boolean => {
    const node = genesis.nodes.find((item) => item.node === party);
    return node !== undefined && input.ports.verifyEd25519(node.signingKey, hash, bytesToHex(signature));
  };
  if (!fits || !verifyKeyCertificate(certificate, verify))
    return refused(403, 'key.certificate', 'The key certificate lacks the confirmation of all nodes.');
  const publicKey = String(certificate.publicKey);
  const changes: Change[] = [put('key', { ...key, status: 'Active', publicKey, certificate: certificate as never })];
  for (const wallet of all(input.state, 'wallet').filter(
    (item) => item.keyId === key.id && item.status === 'Creating',
  )) {
    const address = input.ports.chainRules(wallet.network)?.deriveAddress(publicKey, wallet.network);
    changes.push(put('wallet', { ...wallet, status: 'Active', ...(address ? { address } : {}) }));
  }
  return done(changes, 'key', key.id);
};

/** Pins the activity (design §4.3 Pins). From here on the request counts for good; only `abandon` ends it. */
export const decideReserve = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, body, ports } = input;
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const unsigned = text(body.unsigned);
  const attempt = body.attempt;
  if (unsigned === null || !Number.isSafeInteger(attempt)) return malformed('reserve');
  if (activity.status !== 'Approved' && activity.status !== 'Reserved')
    return refused(409, 'reserve.status', `The activity is ${activity.status}; it can't be reserved.`);
  if (activity.supersededBy)
    return refused(409, 'reserve.superseded', 'A CancelTransaction took the pin of this activity.');
  const judged = judgeActivity(state, activity.id, { at: input.at });
  if (!judged.ok) return judged;
  if (judged.value.verdict !== 'sign')
    return refused(409, `reserve.${judged.value.verdict}`, 'The policies now in force ask for more.');
  const wallet = walletOf(state, activity);
  const rules = ports.chainRules(wallet.network);
  const intent = intentOfActivity(activity, wallet);
  const target = activity.cancels ? find(state, 'activity', activity.cancels) : undefined;
  const checked =
    target?.pin && rules
      ? withPin(target.pin, rules.checkCancel(intent, target.pin, unsigned))
      : (rules?.checkUnsigned(intent, unsigned) ?? refused(400, 'network.not_enabled', 'The network is not enabled.'));
  if (!checked.ok) return checked;
  if (checked.value.digest !== body.digest || pinId(checked.value.pin) !== pinId(body.pin as Pin))
    return refused(403, 'reserve.digest', 'The digest or pin is not that of the unsigned bytes.');
  if (activity.pin && pinId(activity.pin) !== pinId(checked.value.pin))
    return refused(409, 'reserve.other_pin', 'The activity is pinned already; another pin is void.');
  const earlier = activity.reservation;
  if (earlier && earlier.unsigned !== unsigned && !rules?.outbids(earlier.unsigned, unsigned))
    return refused(409, 'reserve.underbid', 'Another attempt on the same pin must raise the fee by at least 10 %.');
  const pinName = heldPinId(activity.id, checked.value.pin);
  const pin = find(state, 'pin', pinName);
  const isFree = !pin || pin.holder === '' || pin.holder === activity.id || pin.holder === target?.id;
  const cancelledBy = pin?.cancelledBy ?? activity.id;
  if (!isFree || cancelledBy !== activity.id)
    return refused(409, 'reserve.pin_held', 'Another activity holds this pin.', { holder: pin?.holder });
  const digests = [...new Set([...(activity.reservation?.digests ?? []), checked.value.digest])];
  const changes: Change[] = [
    put('activity', {
      ...activity,
      status: 'Reserved',
      pin: checked.value.pin,
      reservation: { digest: checked.value.digest, digests, unsigned, attempt: attempt as number },
    }),
    target && pin ? put('pin', { ...pin, cancelledBy: activity.id }) : put('pin', { id: pinName, holder: activity.id }),
  ];
  if (target) changes.push(put('activity', { ...target, supersededBy: activity.id }));
  for (const window of windowsOf(state, activity.id)) {
    const { pendingUntil: _pendingUntil, ...rest } = window;
    changes.push(put('window', rest));
  }
  return done(changes, 'activity', activity.id);
};

const withPin = (
  pin: Pin,
  checked: Outcome<{ digest: string; fee: string | null }>,
): Outcome<{ digest: string; pin: Pin; fee: string | null }> =>
  checked.ok ? accepted({ ...checked.value, pin }) : checked;

/** The signature itself proves the release; no node signatures are needed. */
export const decideRelease = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const signature = input.body.signature as EcdsaSignature;
  const digest = text(input.body.digest);
  const key = find(input.state, 'key', activity.keyId);
  if (!activity.reservation || !digest || !key?.publicKey)
    return refused(409, 'release.not_reserved', 'Nothing is reserved for this activity.');
  if (activity.status === 'Abandoned') return refused(409, 'release.abandoned', 'The activity was abandoned.');
  if (!activity.reservation.digests.includes(digest))
    return refused(403, 'release.digest', 'The digest was never reserved.');
  if (!input.ports.verifyEcdsa(key.publicKey, digest, signature))
    return refused(403, 'release.signature', 'The signature does not verify under the wallet key.');
  return done(
    [put('activity', { ...activity, status: 'Released', release: { digest, signature, date: input.at } })],
    'activity',
    activity.id,
  );
};

/** k nodes that have released nothing for the activity promise they never will: pin, nonce and window are free again. */
export const decideAbandon = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const org = all(input.state, 'org')[0];
  if (activity.status !== 'Reserved' || !org || !activity.pin)
    return refused(409, 'abandon.status', `The activity is ${activity.status}.`);
  // The holder counts in its windows for good once a cancel may land beside it (design §4.3 Pins).
  if (activity.supersededBy)
    return refused(409, 'abandon.superseded', 'A CancelTransaction took the pin of this activity.');
  if (signersOf(input, abandonHash(org.id, activity.id)).size < org.genesis.k)
    return refused(403, 'abandon.signatures', 'Fewer than k nodes promised to release nothing.');
  const pin = find(input.state, 'pin', heldPinId(activity.id, activity.pin));
  const changes: Change[] = [
    put('activity', {
      ...activity,
      status: 'Abandoned',
      reason: text(input.body.reason) ?? 'Ended by the signer nodes before anything was released.',
    }),
  ];
  if (pin?.holder === activity.id) changes.push(put('pin', { ...pin, holder: '' }));
  if (pin?.cancelledBy === activity.id) changes.push(put('pin', { id: pin.id, holder: pin.holder }));
  for (const window of windowsOf(input.state, activity.id)) changes.push(put('window', { ...window, counts: false }));
  return done(changes, 'activity', activity.id);
};

/** Records what the counted time already decided; it never frees anything by itself. */
export const decideExpiry = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, at } = input;
  const approval = find(state, 'approval', text(input.body.approvalId) ?? '');
  if (approval) {
    if (approval.status !== 'Pending' || !isExpired(approval, at))
      return refused(409, 'expiry.not_due', 'The approval is not past its time.');
    const changes: Change[] = [put('approval', { ...approval, status: 'Expired', dateUpdated: at, dateResolved: at })];
    const activity = approval.subject.kind === 'Activity' ? find(state, 'activity', approval.subject.id) : undefined;
    if (activity)
      changes.push(
        put('activity', { ...activity, status: 'Rejected', reason: 'The approval expired.', datePolicyResolved: at }),
      );
    const request =
      approval.subject.kind === 'ChangeRequest' ? find(state, 'changeRequest', approval.subject.id) : undefined;
    if (request)
      changes.push(
        put('changeRequest', { ...request, status: 'Rejected', reason: 'The approval expired.', dateResolved: at }),
      );
    return done(changes, 'approval', approval.id);
  }
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  if (activity.status !== 'Approved' || at <= (activity.datePolicyResolved ?? activity.countedAt) + APPROVED_LIFE_MS)
    return refused(409, 'expiry.not_due', 'The request is not past its time.');
  return done(
    [put('activity', { ...activity, status: 'Rejected', reason: 'Approved, but not signed within seven days.' })],
    'activity',
    activity.id,
  );
};

/** Takes an approved, unreserved activity back to its approvers when the head asks for more (design §4.4). */
export const decideReopen = (input: NodeEntryInput): Outcome<Decided> => {
  const { state, at } = input;
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;

  if (activity.status !== 'Approved')
    return refused(409, 'reopen.status', 'Only an approved, unreserved activity is reopened.');
  const approvalId = freshId(state, input.leaf.effects, 'approvalId', 'approval', 'approval');
  if (!approvalId.ok) return approvalId;
  const judged = judgeActivity(state, activity.id, { at });
  if (!judged.ok) return judged;
  if (judged.value.verdict !== 'reopen') return refused(409, 'reopen.not_due', 'The head asks for nothing more.');
  const earlier = activity.approvalId ? find(state, 'approval', activity.approvalId) : undefined;
  const approval = newApproval({
    id: approvalId.value,
    initiatorId: activity.requester.userId,
    subject: { kind: 'Activity', id: activity.id },
    activityKind: 'Wallets:Sign',
    decision: {
      groups: judged.value.groups,
      evaluations: judged.value.head.evaluations,
      autoRejectMinutes: judged.value.head.autoRejectMinutes,
    },
    at,
    decisions: (earlier?.decisions ?? []).filter((decision) => isVoteLive(state, decision)),
  });
  const { datePolicyResolved: _resolved, ...pending } = activity;
  return done(
    [put('approval', approval), put('activity', { ...pending, status: 'Pending', approvalId: approvalId.value })],
    'activity',
    activity.id,
  );
};

/** Makes a Block found after the entry final. It tightens only: windows stay counted. */
export const decideReject = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  if (activity.status !== 'Approved') return refused(409, 'reject.status', `The activity is ${activity.status}.`);
  const judged = judgeActivity(input.state, activity.id, { at: input.at });
  if (!judged.ok) return judged;
  if (judged.value.verdict !== 'reject')
    return refused(409, 'reject.not_due', 'No policy in force blocks the activity.');
  return done(
    [put('activity', { ...activity, status: 'Rejected', reason: `Blocked by policy: ${judged.value.reason}` })],
    'activity',
    activity.id,
  );
};

const RANK = { Broadcasted: 1, Confirmed: 2, Failed: 2 } as const;

/** A confirmed transaction never becomes a failed one; a failure stated too early may be corrected. */
const isReversal = (from: ChainProgress['status'], to: ChainProgress['status']): boolean =>
  from === 'Confirmed' && to === 'Failed';

/** What the broadcaster states about a released transaction. Unsigned: it informs and never goes back, never frees. */
export const decideBroadcast = (input: NodeEntryInput): Outcome<Decided> => {
  const found = activityOf(input);
  if (!found.ok) return found;
  const activity = found.value;
  const { activityId: _id, ...progress } = input.body as unknown as ChainProgress & { activityId: string };
  if (!(progress.status in RANK)) return malformed('broadcast');
  const stands =
    activity.status === 'Released' ||
    (progress.status === 'Failed' && ['Approved', 'Reserved'].includes(activity.status));
  if (!stands) return refused(409, 'broadcast.status', `The activity is ${activity.status}.`);
  if (
    activity.chain &&
    (RANK[activity.chain.status] > RANK[progress.status] || isReversal(activity.chain.status, progress.status))
  )
    return refused(409, 'broadcast.order', 'A status never goes back.');
  const chain: ChainProgress = {
    ...activity.chain,
    ...progress,
    ...(progress.status === 'Broadcasted' ? { dateBroadcasted: input.at } : {}),
    ...(progress.status === 'Confirmed' && !activity.chain?.dateConfirmed ? { dateConfirmed: input.at } : {}),
  };
  return done([put('activity', { ...activity, chain })], 'activity', activity.id);
};

/** k nodes have checked and stored everything up to `seq`; entries below get their settled times. */
export const decideCheckpoint = (input: NodeEntryInput): Outcome<Decided> => {
  const org = all(input.state, 'org')[0];
  const { seq, root, at } = input.body as { seq: number; root: string; at: number };
  if (!org || !Number.isSafeInteger(seq) || typeof root !== 'string' || at !== input.leaf.at)
    return malformed('checkpoint');
  const last = find(input.state, 'checkpoint', 'last');
  if (last && (seq < last.seq || at < last.at))
    return refused(409, 'checkpoint.order', 'A checkpoint is never before the last one.');
  const known = input.rootAt(seq);
  if (known !== null && known !== root) return refused(409, 'checkpoint.root', 'The root is not that of this ledger.');
  if (signersOf(input, checkpointHash({ orgId: org.id, seq, root, at })).size < org.genesis.k)
    return refused(403, 'checkpoint.signatures', 'Fewer than k nodes witnessed this head.');
  return done(
    [put('checkpoint', { id: 'last', seq, root, at }), ...settleWindows(input.state, { seq, at })],
    'checkpoint',
    'last',
  );
};
