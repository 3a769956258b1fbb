import { keccak256, parseTransaction, serializeTransaction } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '@/lib/domain/canonical-json';
import { nonceOf, transactionsFrom } from '../support/chain-history';
import { newKeyCredential } from '../support/key-credential';
import { readRun } from '../support/kill';
import { clientFor, type Person } from '../support/person';
import { type StartedSystem, startSystem } from '../support/start-system';
import { findSystem, type System, until } from '../support/system';
import { newWallet } from '../support/transfers';
import { invite, newOrganisation } from '../support/world';
import { alarmsOf, createThief, type Thief } from './testing/thief';

const HONEST = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const MALLORY = '0x000000000000000000000000000000000000dEaD';

let running: StartedSystem;
let system: System;
let thief: Thief;
beforeAll(async () => {
  running = await startSystem();
  system = findSystem(running.dataDir);
  thief = await createThief(system);
});
afterAll(async () => {
  await thief?.close();
  await running?.stop();
});

type Scene = Awaited<ReturnType<typeof scene>>;

/** A funded wallet whose every payment needs the votes of both approvers. */
const scene = async () => {
  const admin = await newOrganisation(system);
  const operations = ['Policies:Approvals:Approve', 'Policies:Approvals:Read', 'Wallets:Read'];
  const [ann, ben] = [await invite(system, admin, operations), await invite(system, admin, operations)];
  const wallet = await newWallet(system, admin);
  const policy = await admin.client.policies.createPolicy({
    body: {
      name: 'Both agree',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      action: {
        kind: 'RequestApproval',
        approvalGroups: [{ name: 'Both', quorum: 2, approvers: { userId: { in: [ann.userId, ben.userId] } } }],
      },
    } as never,
  });
  return { orgId: admin.orgId, admin, ann, ben, wallet, policyId: policy.id };
};

const ask = async ({ admin, wallet }: Scene) => {
  const body = { kind: 'Native' as const, to: HONEST, amount: '1000' };
  const transfer = await admin.client.wallets.transferAsset({ walletId: wallet.walletId, body });
  return { id: transfer.id, status: transfer.status, approvalId: transfer.approvalId ?? '' };
};
const approve = (who: Pick<Person, 'client'>, approvalId: string) =>
  who.client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } });

/** The coordinator tried, and the nodes refused: no signature stands in the ledger or on the chain. */
const expectNoSignature = async (
  { orgId, wallet }: Scene,
  activityId: string,
  code: string | RegExp,
): Promise<void> => {
  const { refusals } = await until(
    () => alarmsOf(thief, activityId),
    (alarms) => new Set(alarms.refusals.map(({ node }) => node)).size >= 2,
    90_000,
  );
  expect(refusals.map((refusal) => refusal.code)).toEqual(refusals.map(() => expect.stringMatching(code)));
  expect(await thief.record(orgId, 'activity', activityId)).not.toHaveProperty('release');
  expect(await thief.leaves(orgId, 'release', activityId)).toEqual([]);
  expect(
    await thief.query('SELECT id FROM transaction_attempts WHERE activity_id = $1 AND raw IS NOT NULL', [activityId]),
  ).toEqual([]);
  expect(await nonceOf(system, wallet.address)).toBe(0);
};

const voidsSince = async <T>(work: () => Promise<T>): Promise<{ result: T; isRaised: () => Promise<unknown> }> => {
  const before = (await alarmsOf(thief, '')).voids;
  const result = await work();
  const isRaised = () =>
    until(
      async () => (await alarmsOf(thief, '')).voids,
      (voids) => voids.every((count, i) => count > (before[i] ?? 0)),
      90_000,
    );
  return { result, isRaised };
};

test('an added credential of an approver: her votes with it sign nothing', async () => {
  const stage = await scene();
  const { orgId, ann, ben } = stage;
  const { id, approvalId } = await ask(stage);
  const { isRaised } = await voidsSince(async () => {
    for (const victim of [ann, ben]) {
      const mine = newKeyCredential();
      const [own] = await thief.query<{ id: string; record: { [name: string]: unknown } }>(
        "SELECT id, record FROM ledger_records WHERE org_id = $1 AND kind = 'credential' AND record->>'userId' = $2",
        [orgId, victim.userId],
      );
      const credentialId = `${own?.id.slice(0, -4)}evil`;
      await thief.overwrite(orgId, 'credential', credentialId, {
        ...own?.record,
        id: credentialId,
        credId: mine.credId,
        publicKey: mine.publicKey,
      });
      // The victim's session is stolen too; only her key is not.
      const client = clientFor(system.baseUrl, { orgId, token: victim.token, credential: mine });
      await approve({ client }, approvalId);
    }
  });
  await expectNoSignature(stage, id, /^(evidence|signer)\./);
  await isRaised();
});

test('a policy archived in the database and by a forged entry: what it guards is not signed', async () => {
  const stage = await scene();
  const { orgId, policyId } = stage;
  const policy = await thief.record(orgId, 'policy', policyId);
  const [creation] = await thief.leaves(orgId, 'userAction', 'Both agree');
  const { isRaised } = await voidsSince(async () => {
    const statement = { ...(creation?.entry.statement as object), method: 'DELETE', path: `/v2/policies/${policyId}` };
    await thief.forge(orgId, { ...creation?.entry, kind: 'userAction', statement, effects: {} }, Buffer.alloc(0));
    await thief.overwrite(orgId, 'policy', policyId, { ...policy, status: 'Archived' });
  });
  const { id, status } = await ask(stage);
  expect(status).not.toBe('Pending');
  await expectNoSignature(stage, id, 'evidence.not_reserved');
  await isRaised();
});

test('a policy loosened in the database: one vote of two signs nothing', async () => {
  const stage = await scene();
  const { orgId, policyId, ann } = stage;
  const policy = await thief.record(orgId, 'policy', policyId);
  await thief.overwrite(
    orgId,
    'policy',
    policyId,
    JSON.parse(JSON.stringify(policy).replace('"quorum":2', '"quorum":1')),
  );
  const { id, approvalId } = await ask(stage);
  await approve(ann, approvalId);
  await expectNoSignature(stage, id, 'evidence.not_reserved');
});

test('a raised quorum vote, written into the approval and entered twice: one voter fills one seat', async () => {
  const stage = await scene();
  const { orgId, ann, ben } = stage;
  const { id, approvalId } = await ask(stage);
  await approve(ann, approvalId);
  const [vote] = (await thief.leaves(orgId, 'userAction', approvalId)).slice(-1);
  const { isRaised } = await voidsSince(async () => {
    await thief.forge(orgId, { ...vote?.entry, kind: 'userAction' }, vote?.body ?? Buffer.alloc(0));
    const statement = { ...(vote?.entry.statement as object), userId: ben.userId };
    await thief.forge(orgId, { ...vote?.entry, kind: 'userAction', statement }, vote?.body ?? Buffer.alloc(0));
    const approval = await thief.record(orgId, 'approval', approvalId);
    const decisions = approval.decisions as { userId: string; credentialId: string }[];
    const [credential] = await thief.query<{ id: string }>(
      "SELECT id FROM ledger_records WHERE org_id = $1 AND kind = 'credential' AND record->>'userId' = $2",
      [orgId, ben.userId],
    );
    const forged = { ...decisions[0], userId: ben.userId, credentialId: credential?.id };
    await thief.overwrite(orgId, 'approval', approvalId, {
      ...approval,
      status: 'Approved',
      decisions: [...decisions, forged],
    });
    await thief.overwrite(orgId, 'activity', id, {
      ...(await thief.record(orgId, 'activity', id)),
      status: 'Approved',
    });
    await thief.askToSign(orgId, id);
  });
  await expectNoSignature(stage, id, 'evidence.not_reserved');
  await isRaised();
});

test('a recipient swapped in the activity: the approved request is not signed over to another', async () => {
  const stage = await scene();
  const { orgId, ann, ben } = stage;
  const { id, approvalId } = await ask(stage);
  await approve(ann, approvalId);
  const activity = await thief.record(orgId, 'activity', id);
  const requestBody = { ...(activity.requestBody as object), to: MALLORY };
  await thief.overwrite(orgId, 'activity', id, { ...activity, requestBody });
  await approve(ben, approvalId);
  await expectNoSignature(stage, id, 'evidence.not_reserved');
});

test('a recipient swapped in the bytes of a reserve that is not chained yet: nothing is signed', async () => {
  const stage = await scene();
  const { orgId, ann, ben } = stage;
  const { id, approvalId } = await ask(stage);
  await approve(ann, approvalId);
  const { sequencer } = readRun(system.dataDir).pids;
  process.kill(sequencer ?? 0, 'SIGSTOP');
  try {
    await approve(ben, approvalId);
    const [reserve] = await until(
      () => thief.leaves(orgId, 'reserve', id),
      (found) => found.length === 1,
      10_000,
    );
    const body = JSON.parse(reserve?.body.toString() ?? '{}') as { [name: string]: Json };
    const swapped = altered(String(body.unsigned), { to: MALLORY });
    await thief.rewrite(reserve?.leaf ?? '', { ...reserve?.entry, kind: 'reserve' }, { ...body, ...swapped });
    const activity = await thief.record(orgId, 'activity', id);
    const reservation = { ...(activity.reservation as object), ...swapped, digests: [swapped.digest] };
    await thief.overwrite(orgId, 'activity', id, { ...activity, reservation });
    await thief.query('UPDATE transaction_attempts SET unsigned = $2, digest = $3 WHERE activity_id = $1', [
      id,
      swapped.unsigned,
      swapped.digest,
    ]);
  } finally {
    process.kill(sequencer ?? 0, 'SIGCONT');
  }
  await expectNoSignature(stage, id, 'evidence.not_reserved');
});

test('a second nonce for one approval: two jobs and a second reserve release one transaction', async () => {
  const stage = await scene();
  const { orgId, ann, ben, wallet } = stage;
  const { id, approvalId } = await ask(stage);
  await approve(ann, approvalId);
  await approve(ben, approvalId);
  await thief.askToSign(orgId, id, 3);
  const done = () => stage.admin.client.wallets.getTransfer({ walletId: wallet.walletId, transferId: id });
  await until(done, ({ status }) => status === 'Confirmed', 90_000);

  // By the thief's records nothing was ever reserved or signed for it, and its nonce is another one.
  const {
    pin: _pin,
    reservation: _reservation,
    release: _release,
    chain: _chain,
    ...activity
  } = await thief.record(orgId, 'activity', id);
  await thief.query('DELETE FROM transaction_attempts WHERE activity_id = $1', [id]);
  const { isRaised } = await voidsSince(async () => {
    await thief.overwrite(orgId, 'activity', id, { ...activity, status: 'Approved' });
    await thief.askToSign(orgId, id, 2);
    await until(
      () => thief.leaves(orgId, 'reserve', id),
      (found) => found.length > 1,
      20_000,
    );
  });
  const { refusals } = await until(
    () => alarmsOf(thief, id),
    (alarms) => new Set(alarms.refusals.map(({ node }) => node)).size >= 2,
    90_000,
  );
  expect(refusals.length).toBeGreaterThan(0);
  await isRaised();
  // The jobs may have had the same bytes signed twice; nothing else was.
  const digests = (await thief.leaves(orgId, 'release', id)).map(({ body }) => JSON.parse(body.toString()).digest);
  expect(new Set(digests).size).toBe(1);
  expect(await transactionsFrom(system, wallet.address)).toHaveLength(1);
});

/** The same transaction with something else in it, as a reserve entry names it. */
const altered = (unsigned: string, change: { readonly to?: `0x${string}`; readonly nonce?: number }) => {
  const bytes = serializeTransaction({ ...(parseTransaction(`0x${unsigned}`) as object), ...change } as never);
  return { unsigned: bytes.slice(2), digest: keccak256(bytes).slice(2) };
};
