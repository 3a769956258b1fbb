import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { authorize, principalOf } from '@/lib/authorization/evaluate';
import type { Db } from '@/lib/db/client';
import type { Caller } from '@/lib/http/handler';
import { resolveCaller } from '@/lib/http/principal';
import { newPerson } from '@/lib/http/testing/new-person';
import { anOrganisation, performSigned, type TestPerson, type TestPlatform } from '@/lib/http/testing/platform';
import { grantsOf } from '@/lib/ledger/live';
import { recordStatements, replayer } from './auth-floor';
import { type Figure, median } from './figure';
import { onPlatform } from './platform';

const ROUNDS = 3;
const REPEATS = 60;
const CHALLENGES = 1_000_000;
const USERS = 100_000;
const ASSIGNMENTS = 100_000;

/** Milliseconds of each of several things, done in turn so that all see the same machine. @returns medians. */
const inTurn = async (repeats: number, ...works: readonly (() => unknown)[]): Promise<number[]> => {
  const times: number[][] = works.map(() => []);
  for (let i = 0; i < repeats * ROUNDS; i += 1)
    for (const [index, work] of works.entries()) {
      const started = performance.now();
      await work();
      // The first third warms up.
      if (i >= repeats) times[index]?.push(performance.now() - started);
    }
  return times.map(median);
};

const createRole = (platform: TestPlatform, admin: TestPerson) => async (): Promise<void> => {
  const body = { name: `bench-${randomBytes(6).toString('hex')}`, operations: ['Wallets:Read'] };
  const reply = await performSigned(platform, admin, 'POST', '/permissions', body);
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
};

/** What one thing takes, its floor, and work of the same kind that no organisation's size can change; medians in ms. */
type Times = { readonly ours: number; readonly floor: number; readonly elsewhere: number };

/** Questions and durable writes that concern nobody: how quick the machine is at the moment. */
const elsewhere = async (client: Pick<Db['pool'], 'query'>, questions: number, writes: number): Promise<void> => {
  for (let i = 0; i < questions; i += 1) await client.query('SELECT 1');
  for (let i = 0; i < writes; i += 1) await client.query("INSERT INTO bench_elsewhere VALUES ('x')");
};

/** Init, sign and POST /permissions beside the same statements and a raw ES256 verification. */
const benchRoundTrip = async (platform: TestPlatform, admin: TestPerson): Promise<Times> => {
  const round = createRole(platform, admin);
  for (let i = 0; i < 5; i += 1) await round();
  const { pool } = platform.services.db;
  const [other, statements] = [await recordStatements(pool, round), await recordStatements(pool, round)];
  const again = replayer(statements, other);
  const client = await pool.connect();
  const data = randomBytes(64);
  const assertion = admin.key.assert('bench');
  const key = createPublicKey(admin.key.publicKey);
  const signature = Buffer.from(assertion.signature, 'base64url');
  try {
    const [ours = 0, floor = 0, other = 0] = await inTurn(
      REPEATS,
      round,
      async () => {
        await again(client);
        verify('sha256', data, key, signature);
      },
      () => elsewhere(client, 20, 5),
    );
    return { ours, floor, elsewhere: other };
  } finally {
    client.release();
  }
};

/** Who makes a request, beside reading the row of the session and a verification with the cached key. */
const benchToken = async ({ services }: TestPlatform, person: TestPerson): Promise<Times> => {
  const request = new Request('http://localhost:3000/x', { headers: { authorization: `Bearer ${person.token}` } });
  const [header = '', payload = '', signature = ''] = person.token.split('.');
  const { keys } = await services.tokens.jwks();
  const key = createPublicKey({ key: keys[0] as import('node:crypto').JsonWebKey, format: 'jwk' });
  const { jti } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const [ours = 0, floor = 0, other = 0] = await inTurn(
    400,
    () => resolveCaller(request, services),
    async () => {
      verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
      await services.db.pool.query('SELECT * FROM sessions WHERE jti = $1', [jti]);
    },
    () => elsewhere(services.db.pool, 1, 0),
  );
  return { ours, floor, elsewhere: other };
};

/** 10,000 checks of somebody with one role. */
const checks = (caller: Caller) => (): void => {
  for (let i = 0; i < 10_000; i += 1)
    authorize(principalOf(caller, caller.proof), ['Wallets:Read'], grantsOf(caller.state));
};

const callerOf = async ({ services }: TestPlatform, person: TestPerson): Promise<Caller> => {
  const request = new Request('http://localhost:3000/x', { headers: { authorization: `Bearer ${person.token}` } });
  const resolved = await resolveCaller(request, services);
  if (!resolved.ok) throw new Error(resolved.refusal.message);
  return resolved.value;
};

/** What a large organisation holds: expired challenges, people, and assignments of one role to them. */
const fill = async ({ services: { db } }: TestPlatform, { orgId }: TestPerson, permissionId: string): Promise<void> => {
  const run = (text: string, values: unknown[] = []) => db.pool.query(text, values);
  await run(
    `INSERT INTO challenges (id, purpose, org_id, challenge, allow_credentials, expires_at)
     SELECT 'ch-old-' || i, 'login', $1, 'c', '{}', now() - interval '1 day' FROM generate_series(1, $2::int) AS i`,
    [orgId, CHALLENGES],
  );
  await run(
    `INSERT INTO people (user_id, org_id, username) SELECT 'us-old-' || i, $1, 'old-' || i || '@wallets.test' FROM generate_series(1, $2::int) AS i`,
    [orgId, USERS],
  );
  const records = `
    SELECT $1 AS org_id, 'user' AS kind, 'us-old-' || i AS id, jsonb_build_object('id', 'us-old-' || i, 'kind', 'CustomerEmployee',
      'isServiceAccount', false, 'isActive', true, 'isRegistered', false, 'dateCreated', 0) AS record FROM generate_series(1, $2::int) AS i
    UNION ALL SELECT $1, 'assignment', 'as-old-' || i, jsonb_build_object('id', 'as-old-' || i, 'permissionId', $4::text, 'identityId', 'us-old-' || i,
      'isImmutable', false, 'isRevoked', false, 'dateCreated', 0) FROM generate_series(1, $3::int) AS i`;
  const values = [orgId, USERS, ASSIGNMENTS, permissionId];
  await run(
    `INSERT INTO ledger_records (org_id, kind, id, leaf, record) SELECT org_id, kind, id, 0, record FROM (${records}) AS made`,
    values,
  );
  await run(
    `INSERT INTO governance_history (org_id, kind, id, leaf, at, record) SELECT org_id, kind, id, 0, 0, record FROM (${records}) AS made`,
    values,
  );
  await run('UPDATE governance_versions SET version = version + 1 WHERE org_id = $1', [orgId]);
  // What the filling leaves to be written is not what a large organisation costs.
  await run('VACUUM ANALYZE');
  await run('CHECKPOINT');
};

/** Who are you, and may you: the front door in this process over a PostgreSQL of its own. */
export const benchAuth = ({ print }: { readonly print: (line: string) => void }): Promise<Figure[]> =>
  onPlatform('auth', async (platform) => {
    await platform.services.db.pool.query('CREATE TABLE bench_elsewhere (value text)');
    const [admin, few] = [await anOrganisation(platform), await reader(platform, await anOrganisation(platform))];
    const person = await reader(platform, admin);
    const measure = async () => ({
      trip: await benchRoundTrip(platform, admin),
      token: await benchToken(platform, person.person),
    });
    print('auth: a small organisation …');
    const small = await measure();
    print(`auth: ${CHALLENGES} expired challenges, ${USERS} people, ${ASSIGNMENTS} assignments …`);
    await fill(platform, admin, person.permissionId);
    const callers = [await callerOf(platform, person.person), await callerOf(platform, few.person)] as const;
    const large = await measure();
    const [many = 0, some = 0] = await inTurn(20, checks(callers[0]), checks(callers[1]));
    return figuresOf(small, large, many / some);
  });

/** Somebody with a role that lets them read wallets. */
const reader = async (platform: TestPlatform, admin: TestPerson) => {
  const person = await newPerson(platform, admin);
  const role = await performSigned(platform, admin, 'POST', '/permissions', {
    name: 'reader',
    operations: ['Wallets:Read'],
  });
  const permissionId = String(role.body.id);
  await performSigned(platform, admin, 'POST', `/permissions/${permissionId}/assignments`, {
    identityId: person.userId,
  });
  return { person, permissionId };
};

type Measured = { readonly trip: Times; readonly token: Times };

/** How much more something takes in the large organisation, when what concerns neither takes the same. */
const growth = (small: Times, large: Times): number => large.ours / large.elsewhere / (small.ours / small.elsewhere);

const figuresOf = (small: Measured, large: Measured, permission: number): Figure[] => [
  {
    name: 'user-action round trip, against the same SQL and a raw ES256 verify',
    value: small.trip.floor / small.trip.ours,
    unit: '×',
    target: 0.5,
    isFloor: true,
  },
  { name: 'the same round trip, one after the other', value: small.trip.ours, unit: 'ms' },
  {
    name: 'the same in the large organisation, against the small one',
    value: growth(small.trip, large.trip),
    unit: '×',
    target: 1.2,
  },
  {
    name: 'token check with look-up, against the bare query and a cached-key verify',
    value: small.token.ours / small.token.floor,
    unit: '×',
    target: 1.3,
  },
  { name: 'the same token check', value: small.token.ours, unit: 'ms' },
  {
    name: 'the same in the large organisation, against the small one',
    value: growth(small.token, large.token),
    unit: '×',
    target: 1.2,
  },
  {
    name: 'permission check with 10⁵ assignments, against a few',
    value: permission,
    unit: '×',
    target: 1.2,
  },
];
