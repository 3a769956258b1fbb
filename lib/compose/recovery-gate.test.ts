import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerService } from '@/lib/activity/ports';
import { createDb, type Db } from '@/lib/db/client';
import {
  answerRecoveryChecks,
  askRecoveryCheck,
  openRecoveryChecks,
  readRecoveryCheck,
} from '@/lib/db/recovery-checks';
import { pgSql, type Sql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { accepted } from '@/lib/domain/refusal';
import { createRecoveryGate, type RecoveryGate, refusingWhileClosed, waitingWhileClosed } from './recovery-gate';

let database: TestDatabase;
let db: Db;
let sql: Sql;
const gates: RecoveryGate[] = [];
const lines: string[] = [];
const log = {
  warn: (_fields: object, message: string) => void lines.push(message),
  info: (_fields: object, message: string) => void lines.push(message),
};

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url });
  sql = pgSql(db.pool);
});
afterAll(async () => {
  for (const gate of gates) await gate.close();
  await db.close();
  await database.drop();
});

const open = (): RecoveryGate => {
  const gate = createRecoveryGate(sql, log);
  gates.push(gate);
  return gate;
};
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const asked = async (): Promise<string> => {
  await until(async () => (await openRecoveryChecks(sql)).length > 0);
  return (await openRecoveryChecks(sql))[0] ?? '';
};
const holds = (seq: number) =>
  sql.query(
    `INSERT INTO ledger_heads (org_id, seq, hash, root, frontier) VALUES ('or-1', $1, '', '', '') ON CONFLICT (org_id) DO UPDATE SET seq = $1`,
    [seq],
  );
const written: string[] = [];
const ledger = {
  append: async ({ kind }: { kind: string }) => {
    written.push(kind);
    return accepted({ leafId: '' });
  },
} as unknown as LedgerService;
const entry = { orgId: 'or-1', kind: 'expiry', body: {} } as const;

test('an empty database waits for nobody', async () => {
  const gate = open();
  await gate.opened();
  expect(await refusingWhileClosed(ledger, gate).append(entry)).toMatchObject({ ok: true });
  expect(written).toEqual(['expiry']);
});

test('a process writes nothing before its own question is answered; one that works by itself waits', async () => {
  await holds(7);
  const gate = open();
  const id = await asked();
  await answerRecoveryChecks(sql, [id], '2 of the 4 signers to say how far they hold the ledgers; 1 did');
  await until(() => gate.refusal()?.refusal.message.includes('1 did') === true);
  written.length = 0;
  const waiting = waitingWhileClosed(ledger, gate).append(entry);
  expect(await refusingWhileClosed(ledger, gate).append(entry)).toMatchObject({
    refusal: { status: 503, code: 'recovery.waiting' },
  });
  expect(written).toEqual([]);
  await answerRecoveryChecks(sql, [id], null);
  expect(await waiting).toMatchObject({ ok: true });
  expect(await refusingWhileClosed(ledger, gate).append(entry)).toMatchObject({ ok: true });
  expect(await openRecoveryChecks(sql)).toEqual([]);
});

test('it asks anew when the connection was lost, and an answer to somebody else opens nothing', async () => {
  const gate = open();
  await answerRecoveryChecks(sql, [await asked()], null);
  await gate.opened();
  gate.recheck();
  expect(gate.refusal()).not.toBeNull();
  await answerRecoveryChecks(sql, [await asked()], 'another answer');
  await answerRecoveryChecks(sql, ['an answer out of a restored copy'], null);
  await until(() => gate.refusal()?.refusal.message.includes('another answer') === true);
  await answerRecoveryChecks(sql, [await asked()], null);
  await gate.opened();
});

test('it asks anew when the database is another copy that lacks entries', async () => {
  const gate = open();
  await answerRecoveryChecks(sql, [await asked()], null);
  await gate.opened();
  await holds(3);
  await until(() => gate.refusal() !== null);
  expect(lines).toContain('The database lacks entries it had: is it a restored one?');
}, 30_000);

test('whoever waits is let go when the process ends', async () => {
  const gate = open();
  const waiting = expect(gate.opened()).rejects.toThrow('The process ends');
  await gate.close();
  await waiting;
});

test('an answer stands, whatever another coordinator says that no node is connected to', async () => {
  const id = await askRecoveryCheck(sql);
  await answerRecoveryChecks(sql, [id], null);
  await answerRecoveryChecks(sql, [id], '2 of the 4 signers to say how far they hold the ledgers; 0 did');
  expect(await readRecoveryCheck(sql, id)).toMatchObject({ isAnswered: true });
});
