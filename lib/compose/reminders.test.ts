import { afterAll, beforeAll, expect, test } from 'vitest';
import { remindersOf, writeSchedule } from '@/lib/db/approval-reminders';
import { createDb, type Db } from '@/lib/db/client';
import { writeChanges } from '@/lib/db/records';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { find, put } from '@/lib/ledger/state';
import { ALWAYS } from '@/lib/ledger/testing/people';
import { activityIdOf, createWorld } from '@/lib/ledger/testing/world';
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
