import { bytesToHex } from '@/lib/domain/hash';
import { type Outcome, refused } from '@/lib/domain/refusal';
import { checkpointHash } from '@/lib/evidence/checkpoint';
import { type KeyCertificate, verifyKeyCertificate } from '@/lib/mpc/key-certificate';
import { notFound } from './checks';
import type { Decided } from './decision';
import { activityOf, done, malformed, type NodeEntryInput, signersOf, text } from './node-entry';
import { certificatesOf, storesNow } from './nodes';
import type { ChainProgress, Change } from './records';
import { settleRecoveries } from './recovery-wait';
import { all, find, put } from './state';
import { settleWindows } from './windows';

/** All nodes confirmed the key they made: it and its wallets are active from here on. */
export const decideKeyCertificate = (input: NodeEntryInput): Outcome<Decided> => {
  const key = find(input.state, 'key', text(input.body.keyId) ?? '');
  const org = all(input.state, 'org')[0];
  if (!key || !org) return notFound('key', 'keyId', text(input.body.keyId) ?? '');
  if (key.status !== 'Creating') return refused(409, 'key.certified', 'The key has its certificate already.');
  const certificate = input.body.certificate as KeyCertificate;
  const fits =
    typeof certificate === 'object' &&
    certificate !== null &&
    certificate.keyId === key.id &&
    certificate.threshold === org.genesis.k &&
    certificate.parties?.length === org.genesis.n;
  const verify = (party: number, hash: Uint8Array, signature: Uint8Array): boolean => {
    const node = certificatesOf(org).find((item) => item.node === party);
    return node !== undefined && input.ports.verifyEd25519(node.signingKey, hash, bytesToHex(signature));
  };
  if (!fits || !verifyKeyCertificate(certificate, verify))
    return refused(403, 'key.certificate', 'The key certificate lacks the confirmation of all nodes.');
  const publicKey = String(certificate.publicKey);
  const changes: Change[] = [
    put('key', { ...key, status: 'Active', publicKey, certificate: certificate as never, ...storesNow(org) }),
  ];
  for (const wallet of all(input.state, 'wallet').filter(
    (item) => item.keyId === key.id && item.status === 'Creating',
  )) {
    const address = input.ports.chainRules(wallet.network)?.deriveAddress(publicKey, wallet.network);
    changes.push(put('wallet', { ...wallet, status: 'Active', ...(address ? { address } : {}) }));
  }
  return done(changes, 'key', key.id);
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
    [
      put('checkpoint', { id: 'last', seq, root, at }),
      ...settleWindows(input.state, { seq, at }),
      ...settleRecoveries(input.state, { seq, at }, input.placeOf),
    ],
    'checkpoint',
    'last',
  );
};
