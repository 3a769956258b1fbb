import { afterAll, beforeAll, expect, test } from 'vitest';
import { remindersOf, writeSchedule } from '@/lib/db/approval-reminders';
import { createDb, type Db } from '@/lib/db/client';
import { writeChanges } from '@/lib/db/records';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { MOST_TOLD } from '@/lib/ledger/asked';
import type { RecordKind } from '@/lib/ledger/records';
import { find, put } from '@/lib/ledger/state';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { askApprovers, askDeputy } from './asking';
import { remindOnce } from './reminders';

const MINUTE = 60_000;
let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, maxConnections: 4 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A pending approval of a world in memory, as its record lies in the database. */
const arrange = async () => {
  const world = createWorld({ seed: `reminders ${Math.random()}` });
  const walletId = world.wallet();
  const [ann, bob, boss] = [world.approver(), world.approver(), world.approver()];
  const escalation = { afterMinutes: 90, approvers: { userId: { in: [boss.userId] } } };
  const group = { quorum: 2, approvers: { userId: { in: [ann.userId, bob.userId] } }, escalation };
  world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [group] });
  const approvalId = world.activity(activityIdOf(world.transfer(walletId))).approvalId ?? '';
  const write = async () => {
    const approval = find(world.state, 'approval', approvalId);
    if (approval) await writeChanges(pgSql(db.pool), world.orgId, '0', [put('approval', approval)]);
  };
  await write();
  await pgSql(db.pool).query("INSERT INTO organisations (id, name, enrolment) VALUES ($1, 'Org', 'server')", [
    world.orgId,
  ]);
  const start = world.now();
  const look = (minutes: number) => remindOnce(db, async () => world.state, start + minutes * MINUTE);
  const told = async (): Promise<string[]> => {
    const { rows } = await pgSql(db.pool).query<{ payload: { userId: string; about: string } }>(
      "DELETE FROM jobs WHERE name = 'mail-approval' AND payload->>'orgId' = $1 RETURNING payload",
      [world.orgId],
    );
    const names = new Map([
      [ann.userId, 'ann'],
      [bob.userId, 'bob'],
      [boss.userId, 'boss'],
    ]);
    return rows.map(({ payload }) => `${payload.about} ${names.get(payload.userId) ?? payload.userId}`).sort();
  };
  return { world, approvalId, ann, bob, write, look, told };
};

/** What the jobs that ask people read, of a world in memory. */
const asking = (world: World) => ({
  db,
  now: () => world.now(),
  loadGovernance: async () => world.state,
  getRecord: (async (_org: string, kind: RecordKind, id: string) => find(world.state, kind, id) ?? null) as never,
  reads: { page: async () => ({ items: [...world.state.tables.approval.values()] }) } as never,
});
const told = async (world: World): Promise<string[]> => {
  const { rows } = await pgSql(db.pool).query<{ payload: { userId: string } }>(
    "DELETE FROM jobs WHERE name = 'mail-approval' AND payload->>'orgId' = $1 RETURNING payload",
    [world.orgId],
  );
  return rows.map(({ payload }) => payload.userId).sort();
};

test('where anybody may approve, all who really could are asked, up to a number; who asks is not', async () => {
  const world = createWorld({ seed: 'anybody' });
  const walletId = world.wallet();
  const people = [world.approver(), world.approver()].map((person) => person.userId);
  world.register();
  world.policy(ALWAYS, { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: {} }] });
  const approvalId = world.activity(activityIdOf(world.transfer(walletId))).approvalId ?? '';
  await askApprovers({ orgId: world.orgId, approvalId }, asking(world));
  expect(await told(world)).toEqual(people.toSorted());
  const many = Array.from({ length: MOST_TOLD }, () => world.approver().userId);
  const named = many.at(-1) ?? '';
  world.policy(ALWAYS, asks([named]));
  const next = world.activity(activityIdOf(world.transfer(walletId))).approvalId ?? '';
  await askApprovers({ orgId: world.orgId, approvalId: next }, asking(world));
  const mailed = await told(world);
  expect(mailed).toHaveLength(MOST_TOLD);
  expect(mailed).toContain(named);
});
test('a new deputy is asked at once for what waits in the seats they were handed', async () => {
  const { world, approvalId, ann } = await arrange();
  const eve = world.approver();
  const until = new Date(world.now() + 3_600_000).toISOString();
  const made = world.act(ann, 'x.createDelegation', {}, { toUserId: eve.userId, until });
  const delegationId = made.kind === 'applied' ? String(made.entry.effects.delegationId) : '';
  await askDeputy({ orgId: world.orgId, delegationId }, asking(world));
  expect(await told(world)).toEqual([eve.userId]);
  world.vote(ann, approvalId);
  await askDeputy({ orgId: world.orgId, delegationId }, asking(world));
  expect(await told(world)).toEqual([]);
});

test('those who are awaited are reminded by the organisation’s schedule, and no oftener', async () => {
  const { world, approvalId, ann, write, look, told } = await arrange();
  await writeSchedule(pgSql(db.pool), world.orgId, { everyMinutes: 30, atMost: 2 });
  await look(29);
  expect(await told()).toEqual([]);
  await look(30);
  expect(await told()).toEqual(['reminder ann', 'reminder bob']);
  await look(31);
  expect(await told()).toEqual([]);
  world.vote(ann, approvalId);
  await write();
  await Promise.all([look(61), look(61), look(61)]);
  expect(await told()).toEqual(['reminder bob']);
  await look(89);
  expect(await told()).toEqual([]);
  expect((await remindersOf(pgSql(db.pool), world.orgId, [approvalId])).get(approvalId)?.sent).toBe(2);
});
test('an escalation is told once to those it names, and reminders missed meanwhile are not made up for', async () => {
  const { look, told } = await arrange();
  await look(90);
  expect(await told()).toEqual(['escalated boss']);
  await look(91);
  expect(await told()).toEqual([]);
  await look(1440 * 2);
  expect(await told()).toEqual(['reminder ann', 'reminder bob', 'reminder boss']);
});
test('nobody is reminded of what is decided, or where reminders are off', async () => {
  const { world, approvalId, ann, write, look, told } = await arrange();
  await writeSchedule(pgSql(db.pool), world.orgId, { everyMinutes: 30, atMost: 0 });
  await look(60);
  expect(await told()).toEqual([]);
  world.vote(ann, approvalId, 'Denied');
  await write();
  await look(5000);
  expect(await told()).toEqual([]);
});
