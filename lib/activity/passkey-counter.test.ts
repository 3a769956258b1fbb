import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { softwarePasskey } from '@/lib/authentication/testing/software-credentials';
import { composeLedger, type Ledger } from '@/lib/compose/ledger';
import { createDb, type Db } from '@/lib/db/client';
import { sequenceOnce } from '@/lib/db/sequencer';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/postgres';
import type { Json } from '@/lib/domain/canonical-json';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { ORIGIN } from '@/lib/ledger/testing/chain';
import { compareReplayWithDatabase } from '@/lib/ledger/testing/differential';
import { everyRecord } from '@/lib/ledger/testing/every-record';
import { dealKey } from '@/lib/ledger/testing/nodes';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { type Signer, signRequest } from '@/lib/ledger/testing/requests';
import { createWorld } from '@/lib/ledger/testing/world';

/** One passkey and two server processes with many connections to one database: its counter is read and raised under its own lock. */
const world = createWorld({ seed: 'passkey counter' });
const { orgId, admin } = world;
const keys = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), id: Buffer.from(world.random(32)) };
const passkey = (counter: number) => softwarePasskey({ rpId: 'wallets.test', origin: ORIGIN, keys, counter });
let userId: string;
const wallets: string[] = [];
let database: TestDatabase;
let dbs: Db[] = [];
let servers: Ledger[] = [];

const first = <T>(list: readonly T[]): T => {
  const [item] = list;
  if (item === undefined) throw new Error('Nothing is there.');
  return item;
};
const replayed = async (): Promise<Replica> => {
  while ((await sequenceOnce(first(dbs))) > 0);
  const replica = emptyReplica(orgId);
  for (const { bytes, body } of await first(servers).ledger.feed(orgId, 0, 100_000))
    extendReplica(replica, bytes, body, TEST_PORTS);
  return replica;
};
const sign = (
  { state }: Replica,
  signer: Signer,
  operationId: string,
  params: { [name: string]: string },
  body: Json,
) => {
  const { leaf, body: bytes } = signRequest({
    state,
    signer,
    operationId,
    params,
    body,
    at: Date.now(),
    random: world.random,
  });
  if (!leaf.statement || !leaf.assertion) throw new Error('Not signed.');
  return { orgId, operationId, statement: leaf.statement, assertion: leaf.assertion, body: bytes, query: {} };
};
const byAdmin = async (operationId: string, params: { [name: string]: string }, body: Json): Promise<string> => {
  const outcome = await first(servers).ledger.submit(sign(await replayed(), admin, operationId, params, body));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value.result.id;
};
const newWallet = async (): Promise<string> => {
  const walletId = await byAdmin('wallets.createWallet', {}, { network: 'EthereumSepolia' });
  const keyId = (await replayed()).state.tables.wallet.get(walletId)?.keyId ?? '';
  const certificate = dealKey(keyId, world.genesis.k, world.nodes, 'database').certificate as unknown as Json;
  const outcome = await first(servers).ledger.append({ orgId, kind: 'keyCertificate', body: { keyId, certificate } });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return walletId;
};
/** Renames three wallets in turn with assertions of these counters, all at once, over both servers. */
const rename = async (counters: readonly number[]): Promise<string[]> => {
  const replica = await replayed();
  const requests = counters.map((counter, i) =>
    sign(
      replica,
      { userId, credential: passkey(counter) },
      'wallets.updateWallet',
      { walletId: wallets[i % 3] ?? '' },
      { name: `${i}` },
    ),
  );
  const outcomes = await Promise.all(requests.map((request, i) => servers[i % 2]?.ledger.submit(request)));
  return outcomes.map((outcome) => (outcome?.ok ? 'ok' : (outcome?.refusal.code ?? 'nothing')));
};
const counted = async () => everyRecord((await replayed()).state, 'counter').map(({ value }) => value);
/** Counters of the assertions that stand in the ledger, in its order. */
const inLedger = async (): Promise<number[]> => {
  const entries = await first(servers).ledger.feed(orgId, 0, 100_000);
  return entries.flatMap(({ bytes }) => {
    const { assertion } = JSON.parse(new TextDecoder().decode(bytes));
    return assertion?.kind === 'Fido2' ? [Buffer.from(assertion.authenticatorData, 'base64url').readUInt32BE(33)] : [];
  });
};

beforeAll(async () => {
  database = await createTestDatabase();
  dbs = [1, 2].map(() => createDb({ url: database.url, maxConnections: 12 }));
  servers = dbs.map((db) => composeLedger(db));
  const { ledger } = first(servers);
  expect(await ledger.append({ orgId, kind: 'genesis', body: world.genesis as unknown as Json })).toMatchObject({
    ok: true,
  });
  userId = await byAdmin('auth.createUser', {}, { email: 'cat@wallets.test', kind: 'CustomerEmployee' });
  const body = { firstFactorCredential: passkey(0).attest('registration') as unknown as Json };
  const credentials = [{ id: world.id('credential'), name: 'Passkey' }];
  const effects = { userId, challenge: 'registration', credentials };
  expect(await ledger.append({ orgId, kind: 'registration', body, effects })).toMatchObject({ ok: true });
  const permissionId = await byAdmin(
    'permissions.createPermission',
    {},
    { name: 'keeper', operations: ['Wallets:Update'] },
  );
  await byAdmin('permissions.createAssignment', { permissionId }, { identityId: userId });
  for (let i = 0; i < 3; i += 1) wallets.push(await newWallet());
});
afterAll(async () => {
  for (const server of servers) await server.close();
  for (const db of dbs) await db.close();
  await database.drop();
});

test('of twelve requests at once with one counter, one counts', async () => {
  const outcomes = await rename(Array.from({ length: 12 }, () => 5));
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
  expect(new Set(outcomes)).toEqual(new Set(['ok', 'authentication.user_action_invalid']));
  expect(await counted()).toEqual([5]);
});

test('of requests at once with rising counters, those that count stand in the ledger in that order', async () => {
  const outcomes = await rename(Array.from({ length: 12 }, (_, i) => 6 + i));
  expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThanOrEqual(1);
  const last = await counted();
  const order = await inLedger();
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(new Set(order).size).toBe(order.length);
  expect(last).toEqual([order.at(-1)]);
});

test('the database holds what a signer replays', async () => {
  await replayed();
  expect(await compareReplayWithDatabase(first(dbs), orgId)).toEqual([]);
});
