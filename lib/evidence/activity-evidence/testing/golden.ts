import { seededKeys } from '@/lib/authentication/testing/seeded-credentials';
import { softwareKey, softwarePasskey } from '@/lib/authentication/testing/software-credentials';
import type { StatedPerson } from '@/lib/contract/evidence';
import { intentOfActivity } from '@/lib/ledger/intent';
import { find } from '@/lib/ledger/state';
import { ORIGIN } from '@/lib/ledger/testing/chain';
import { ALWAYS, asks, BLOCK } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { makeEvidence } from '../make';

/** Evidence of a world's activity, as the API makes it. @param lastSeq By default the whole ledger is taken. */
export const evidenceOf = (
  world: World,
  activityId: string,
  people: readonly StatedPerson[] = [],
  lastSeq = Number.POSITIVE_INFINITY,
): Uint8Array => {
  const maker = makeEvidence({ orgId: world.orgId, activityId, lastSeq }, TEST_PORTS);
  for (const item of world.items) {
    const taken = maker.take(item);
    if (!taken.ok) throw new Error(taken.refusal.message);
    if (taken.value) break;
  }
  const made = maker.finish(people);
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
};

const seededWorld = (name: string): World =>
  createWorld({ adminKey: softwareKey('P-256', 'Key', seededKeys('P-256', `${name}/admin`)) });

/** An approver with a passkey who may approve. */
const passkeyApprover = (world: World, seed: string) => {
  const passkey = softwarePasskey({ rpId: 'wallets.test', origin: ORIGIN, keys: seededKeys('P-256', seed) });
  const person = world.register(passkey);
  world.grant(person.userId, ['Policies:Approvals:Approve']);
  return person;
};

const keyApprover = (world: World, seed: string) => {
  const person = world.register(softwareKey('Ed25519', 'Key', seededKeys('Ed25519', seed)));
  world.grant(person.userId, ['Policies:Approvals:Approve']);
  return person;
};

const approvalOf = (world: World, activityId: string): string => world.activity(activityId).approvalId ?? '';

const transactionHash = (world: World, activityId: string): string => {
  const { release, reservation, walletId, ...activity } = world.activity(activityId);
  const wallet = find(world.state, 'wallet', walletId ?? '');
  if (!wallet || !release || !reservation) throw new Error(`${activityId} is not signed.`);
  const intent = intentOfActivity(activity, wallet);
  const signed = TEST_PORTS.chainRules(wallet.network)?.attach(intent, reservation.unsigned, release.signature);
  if (!signed?.ok) throw new Error(signed?.refusal.message ?? wallet.network);
  return signed.value.hash;
};

/** Approved by two people, signed, broadcast and confirmed. */
const confirmedTransfer = (): Uint8Array => {
  const world = seededWorld('confirmed');
  const wallet = world.wallet();
  const [ada, bob] = [passkeyApprover(world, 'confirmed/ada'), keyApprover(world, 'confirmed/bob')];
  world.policy(ALWAYS, asks([ada.userId, bob.userId], 2));
  const id = activityIdOf(world.transfer(wallet, { amount: '1500000000000000000' }));
  for (const voter of [ada, bob]) world.vote(voter, approvalOf(world, id));
  world.reserve(id);
  world.wait(1_000);
  world.checkpoint();
  world.release(id);
  const hash = transactionHash(world, id);
  world.append('broadcast', { activityId: id, status: 'Broadcasted', txHash: hash });
  world.wait(12_000);
  world.append('broadcast', { activityId: id, status: 'Confirmed', txHash: hash, blockNumber: 7, fee: '21000' });
  world.checkpoint();
  const people = [
    { userId: world.admin.userId, name: 'Carol' },
    { userId: ada.userId, name: 'Ada' },
    { userId: bob.userId, name: 'Bob' },
  ];
  return evidenceOf(world, id, people);
};

/** Signed a moment ago: release and receipt lie above the last checkpoint. */
const freshSignature = (): Uint8Array => {
  const world = seededWorld('fresh');
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.checkpoint();
  world.release(id);
  return evidenceOf(world, id);
};

/** An approver said no. */
const deniedTransfer = (): Uint8Array => {
  const world = seededWorld('denied');
  const wallet = world.wallet();
  const ada = passkeyApprover(world, 'denied/ada');
  world.policy(ALWAYS, asks([ada.userId]));
  const id = activityIdOf(world.transfer(wallet));
  world.vote(ada, approvalOf(world, id), 'Denied');
  world.checkpoint();
  return evidenceOf(world, id, [{ userId: ada.userId, name: 'Ada' }]);
};

/** A policy blocked the request. */
const blockedTransfer = (): Uint8Array => {
  const world = seededWorld('blocked');
  const wallet = world.wallet();
  world.policy(ALWAYS, BLOCK);
  const id = activityIdOf(world.transfer(wallet));
  world.checkpoint();
  return evidenceOf(world, id);
};

/** Golden files by name; each makes the same bytes in every run. */
export const GOLDEN: { readonly [name: string]: () => Uint8Array } = {
  'confirmed-transfer': confirmedTransfer,
  'fresh-signature': freshSignature,
  'denied-transfer': deniedTransfer,
  'blocked-transfer': blockedTransfer,
};
