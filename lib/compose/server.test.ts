import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { createDb } from '@/lib/db/client';
import { signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PORT = 20_000 + (process.pid % 20_000);
const ORIGIN = `http://localhost:${PORT}`;
let database: TestDatabase;
let server: ChildProcess;
let env: NodeJS.ProcessEnv;
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'server-'));
beforeAll(async () => {
  database = await createTestDatabase();
  env = {
    ...process.env,
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    PORT: String(PORT),
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  };
  const db = createDb({ url: database.url, maxConnections: 1 });
  const nodes = signerNodeStore(pgSql(db.pool));
  for (let node = 1; node <= 4; node++) {
    const key = (digit: string) => `${digit}${node}`.repeat(32);
    await nodes.pin({ node, signingKey: key('a'), agreementKey: key('b'), region: 'test' });
  }
  await db.close();
  server = spawn(process.execPath, ['--import', 'tsx', 'workers/server.ts'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise((resolve, reject) => {
    server.once('message', resolve);
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  });
});
afterAll(async () => {
  if (server.exitCode === null) {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
  await database.drop();
  fs.rmSync(dataDir, { recursive: true });
});

const orgCreate = async () => {
  const args = ['--import', 'tsx', 'workers/commands/org-create.ts', '--name', 'Acme', '--username', 'ada@example.com'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
};

test('an organisation made by command works through the unmodified SDK, from registration to a signed call', async () => {
  const { DfnsApiClient } = createRequire(import.meta.url)('@dfns/sdk');
  const { AsymmetricKeySigner } = createRequire(import.meta.url)('@dfns/sdk-keysigner');
  const { BaseAuthApi } = createRequire(import.meta.url)('@dfns/sdk/baseAuthApi');
  const made = await orgCreate();
  expect(made.registrationUrl).toBe(
    `${ORIGIN}/console/register#orgId=${made.orgId}&username=ada%40example.com&code=${made.registrationCode}`,
  );
  const { orgId, username, registrationCode } = made;

  const key = softwareKey();
  const challenge = await BaseAuthApi.createUserRegistrationChallenge(
    { orgId, username, registrationCode },
    { baseUrl: ORIGIN },
  );
  const registered = await BaseAuthApi.createUserRegistration(
    { firstFactorCredential: key.attest(challenge.challenge) },
    { baseUrl: ORIGIN, authToken: challenge.temporaryAuthenticationToken },
  );
  expect(registered.user).toMatchObject({ orgId, username });

  const signer = new AsymmetricKeySigner({
    credId: key.credId,
    privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
  const login = await BaseAuthApi.createUserLoginChallenge({ orgId, username }, { baseUrl: ORIGIN });
  const { token } = await BaseAuthApi.createUserLogin(
    { challengeIdentifier: login.challengeIdentifier, firstFactor: await signer.sign(login) },
    { baseUrl: ORIGIN },
  );
  const client = new DfnsApiClient({ orgId, baseUrl: ORIGIN, authToken: token, signer });
  const invited = await client.auth
    .createUser({ body: { email: 'grace@example.com', kind: 'CustomerEmployee' } })
    .catch((error: unknown) => error);
  expect(invited).toMatchObject({ isRegistered: false, orgId });
  expect((await client.auth.listUsers({})).items).toHaveLength(2);

  const robotKey = softwareKey('Ed25519');
  const robot = await client.auth.createServiceAccount({ body: { name: 'Rôbot é', publicKey: robotKey.publicKey } });
  expect(robot.accessTokens[0].accessToken.split('.')).toHaveLength(3);
  await expect(client.auth.createUser({ body: { email: 'nobody', kind: 'CustomerEmployee' } })).rejects.toMatchObject({
    httpStatus: 400,
  });
});

test('pages are told apart from the API', async () => {
  const api = await fetch(`${ORIGIN}/wallets`);
  expect([api.status, api.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8']);
  expect((await fetch(`${ORIGIN}/console`, { redirect: 'manual' })).headers.get('content-type')).not.toContain('json');
});
