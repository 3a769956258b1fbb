import { randomBytes } from 'node:crypto';
import type net from 'node:net';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '@/lib/db/client';
import type { JobWorker } from '@/lib/db/job-worker';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import { createMail } from '@/lib/http/mail';
import type { ApprovalRecord } from '@/lib/ledger/records';
import { createLogger } from '@/lib/logger';
import { queueMail } from './mail-queue';
import { startMailer } from './mailer';

/** A development dependency, loaded by name: nothing that is shipped can come to import it. */
const PACKAGE: string = 'smtp-server';
type SmtpServer = {
  readonly server: net.Server;
  listen(port: number, host: string, listening: () => void): void;
  close(closed: () => void): void;
};
type SmtpServerClass = new (options: {
  readonly disabledCommands: readonly string[];
  readonly onData: (stream: Readable, session: unknown, done: (error?: Error) => void) => void;
}) => SmtpServer;

const secretMailKey = new Uint8Array(randomBytes(32));
const log = createLogger({ name: 'test', level: 'silent' });
let database: TestDatabase;
let db: Db;
let mailer: JobWorker | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url });
});
afterEach(() => mailer?.stop());
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** A real mail server on loopback that refuses the first `refusals` mails. */
const mailServer = async (refusals = 0, port = 0) => {
  const received: string[] = [];
  let refused = 0;
  const { SMTPServer } = (await import(/* @vite-ignore */ PACKAGE)) as { readonly SMTPServer: SmtpServerClass };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        if (refused++ < refusals) return done(new Error('try again later'));
        // Undo the folding of quoted-printable.
        received.push(text.replaceAll('=\r\n', ''));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.server.address();
  return {
    received,
    attempts: () => refused,
    port: typeof address === 'object' && address ? address.port : 0,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};
const approval = (status: ApprovalRecord['status']): ApprovalRecord => ({
  id: 'ap-1',
  initiatorId: 'us-initiator',
  subject: { kind: 'Activity', id: 'xfr-1' },
  activityKind: 'Wallets:Sign',
  status,
  groups: [],
  evaluations: [],
  decisions: [],
  dateCreated: 1,
  dateUpdated: 1,
});
const ended = {
  id: 'xfr-1',
  kind: 'Transfer',
  status: 'Rejected',
  requester: { userId: 'us-requester', credentialId: 'cr-1' },
};
const start = (port: number, record: ApprovalRecord | null = null) =>
  startMailer({
    services: {
      db,
      log,
      settings: { publicUrl: 'https://wallets.test' } as never,
      identity: {
        findPerson: async (orgId: string, userId: string) => ({ orgId, userId, username: `${userId}@example.com` }),
      } as never,
      getRecord: (async (_org: string, kind: string) =>
        kind === 'approval' ? record : kind === 'activity' ? ended : { isActive: true }) as never,
      loadGovernance: undefined as never,
      reads: undefined as never,
      now: Date.now,
    },
    secretMailKey,
    tellSent: async () => true,
    deliver: createMail({
      dataDir: '/nowhere',
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: 'Countersign <no-reply@wallets.test>',
    }),
  });
const until = async (holds: () => Promise<boolean> | boolean) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
};
const waiting = async () => Number((await db.pool.query('SELECT count(*) AS n FROM mails')).rows[0].n);

test('a mail reaches a mail server, and is forgotten here', async () => {
  const server = await mailServer();
  mailer = start(server.port);
  await queueMail(db, secretMailKey)({ to: 'a@example.com', subject: 'Hello', text: 'Your code', code: 'abcd' });
  await until(async () => server.received.length === 1 && (await waiting()) === 0);
  expect(server.received[0]).toContain('To: a@example.com');
  expect(server.received[0]).toContain('Your code');
  await server.close();
});
test('a mail that the server refuses is tried again until it is taken', async () => {
  const server = await mailServer(2);
  mailer = start(server.port);
  await queueMail(db, secretMailKey)({ to: 'b@example.com', subject: 'Again', text: 'Once more' });
  await until(() => server.received.length === 1);
  expect(server.attempts()).toBe(3);
  await server.close();
});
test('a mail written while the mail server is away is delivered when it is back', async () => {
  const gone = await mailServer();
  await gone.close();
  mailer = start(gone.port);
  await queueMail(db, secretMailKey)({ to: 'c@example.com', subject: 'Later', text: 'Patience' });
  await until(async () => {
    const { rows } = await db.pool.query(
      "SELECT 1 FROM jobs WHERE name = 'send-mail' AND last_error IS NOT NULL AND finished_at IS NULL",
    );
    return rows.length === 1;
  });
  const back = await mailServer(0, gone.port);
  await until(() => back.received.length === 1);
  await back.close();
});
test('a kept mail cannot be read in the database', async () => {
  await queueMail(db, secretMailKey)({ to: 'd@example.com', subject: 'Code', text: 'xkcd-1234', code: 'xkcd-1234' });
  const { rows } = await db.pool.query<{ sealed: Buffer }>('SELECT sealed FROM mails');
  expect(rows.map((row) => row.sealed.toString('latin1')).join()).not.toMatch(/xkcd|example\.com/);
});

const enqueueAbout = (userId: string, about: 'asked' | 'decided') =>
  db.pool.query(`INSERT INTO jobs (name, payload) VALUES ('mail-approval', $1)`, [
    JSON.stringify({ orgId: 'or-1', approvalId: 'ap-1', userId, about }),
  ]);
test('an approver is asked by mail as long as the approval waits', async () => {
  const server = await mailServer();
  mailer = start(server.port, approval('Pending'));
  await enqueueAbout('us-approver', 'asked');
  await until(() => server.received.some((text) => text.includes('us-approver@example.com')));
  const mail = server.received.find((text) => text.includes('us-approver@example.com')) ?? '';
  expect(mail).toContain('https://wallets.test/console/approvals/ap-1');
  await server.close();
});
test('who asked is told of the decision, and nobody is asked for what is decided', async () => {
  const server = await mailServer();
  mailer = start(server.port, approval('Denied'));
  await enqueueAbout('us-approver', 'asked');
  await enqueueAbout('us-initiator', 'decided');
  await until(() => server.received.some((text) => text.includes('us-initiator@example.com')));
  await until(async () => (await db.pool.query('SELECT 1 FROM jobs WHERE finished_at IS NULL')).rows.length === 0);
  expect(server.received.join()).not.toContain('us-approver@example.com');
  expect(server.received.join()).toContain('denied');
  await server.close();
});
test('who asked is told that a request ended without a decision of its approvers', async () => {
  const server = await mailServer();
  mailer = start(server.port);
  const payload = JSON.stringify({ orgId: 'or-1', activityId: 'xfr-1' });
  await db.pool.query("INSERT INTO jobs (name, payload) VALUES ('mail-request', $1)", [payload]);
  await until(() => server.received.some((text) => text.includes('us-requester@example.com')));
  expect(server.received.join()).toContain('The transfer you asked for was rejected');
  expect(server.received.join()).toContain('https://wallets.test/console/activity/xfr-1');
  await server.close();
});
