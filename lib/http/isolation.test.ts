import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { exampleBody } from '@/lib/contract/example';
import type { Operation } from '@/lib/contract/operation';
import { OPERATIONS } from '@/lib/contract/table';
import type { Json } from '@/lib/domain/canonical-json';
import { dealKey } from '@/lib/ledger/testing/nodes';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import { chain, NODES, send, useKnownNodes } from './testing/checked';
import { newPerson } from './testing/new-person';
import {
  anOrganisation,
  type Reply,
  signAction,
  startPlatform,
  type TestPerson,
  type TestPlatform,
} from './testing/platform';

/**
 * Another organisation's administrator uses every id of ours in every path of the table: each answer is the one for an id that does
 * not exist. Made from the table, so a new route with an id is tried by standing there.
 */
let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
/** Ids of ours by the name of the parameter they fit. */
const ours = new Map<string, string>();

const done = (reply: Reply): Reply['body'] => {
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
  return reply.body;
};

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  const { services } = platform;
  const person = await newPerson(platform, admin);
  const role = done(
    await send(platform, admin, 'POST', '/permissions', { name: 'role', operations: ['Policies:Approvals:Approve'] }),
  );
  const assigned = done(
    await send(platform, admin, 'POST', `/permissions/${role.id}/assignments`, { identityId: person.userId }),
  );
  const account = done(
    await send(platform, admin, 'POST', '/auth/service-accounts', { name: 'bot', publicKey: person.key.publicKey }),
  );
  const making = send(platform, admin, 'POST', '/wallets', { network: 'EthereumSepolia' });
  const keyId = await (async () => {
    for (;;) {
      const { rows } = await services.db.pool.query(
        "SELECT id FROM ledger_records WHERE org_id = $1 AND kind = 'key'",
        [admin.orgId],
      );
      if (rows[0]) return rows[0].id as string;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const certificate = dealKey(keyId, 3, NODES, 'isolation').certificate as unknown as Json;
  await services.ledger.append({ orgId: admin.orgId, kind: 'keyCertificate', body: { keyId, certificate } });
  const wallet = done(await making);
  const policy = done(
    await send(platform, admin, 'POST', '/v2/policies', {
      name: 'p',
      activityKind: 'Wallets:Sign',
      rule: ALWAYS,
      action: asks([person.userId]),
    }),
  );
  const transfer = done(
    await send(platform, admin, 'POST', `/wallets/${wallet.id}/transfers`, {
      kind: 'Native',
      to: `0x${'bb'.repeat(20)}`,
      amount: '1',
    }),
  );
  await chain(platform);
  for (const [name, id] of Object.entries({
    userId: person.userId,
    permissionId: role.id,
    assignmentId: assigned.id,
    serviceAccountId: account.userInfo?.userId,
    tokenId: account.accessTokens?.[0]?.tokenId,
    keyId,
    walletId: wallet.id,
    policyId: policy.id,
    transferId: transfer.id,
    activityId: transfer.id,
    approvalId: transfer.approvalId,
  }))
    if (typeof id === 'string') ours.set(name, id);
});
afterAll(() => platform.close());

const names = ({ path }: Operation): string[] => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
const fill = (operation: Operation, idOf: (name: string) => string): string =>
  operation.path.replace(/:(\w+)/g, (_, name: string) => idOf(name));
/** Of the same form as one of ours, and nobody's. */
const unknown = (name: string): string =>
  (ours.get(name) ?? `${name}-none`).replace(/[a-z0-9]{14,16}$/, (end) => '0'.repeat(end.length));

const ask = async (operation: Operation, path: string): Promise<Reply> => {
  const body = operation.method === 'GET' ? undefined : JSON.stringify(exampleBody(operation.body) ?? {});
  const userAction = operation.userAction
    ? await signAction(platform, stranger, operation.method, path, body ?? '')
    : undefined;
  return platform.call(operation.method, path, { token: stranger.token, body, ...(userAction ? { userAction } : {}) });
};

const tried = OPERATIONS.filter(
  (operation) => operation.built && operation.access === 'bearer' && names(operation).length > 0,
);

test.each(tried.map((operation) => ({ name: `${operation.method} ${operation.path}`, operation })))(
  '$name tells another organisation nothing',
  async ({ operation }) => {
    const [mine, none] = [fill(operation, (name) => ours.get(name) ?? unknown(name)), fill(operation, unknown)];
    const answers = [await ask(operation, mine), await ask(operation, none)];
    // Ids come back in the words; but for them the two answers are the same.
    const told = answers.map(({ status, body }) => ({
      status,
      body: JSON.stringify({ ...body, error: { ...body.error, id: '' } }).replace(
        /[a-z]+-[a-z0-9]{5}-[a-z0-9]{5}-[a-z0-9]{14,16}/g,
        'ID',
      ),
    }));
    expect(told[0]).toEqual(told[1]);
    expect(answers[0]?.status, JSON.stringify(answers[0]?.body)).toBeGreaterThanOrEqual(400);
    if (exampleBody(operation.body) !== null || operation.method === 'GET')
      expect(answers[0]?.status, JSON.stringify(answers[0]?.body)).toBe(404);
  },
);

test('most routes with an id are tried with one of ours', () => {
  expect(ours.size).toBeGreaterThanOrEqual(9);
  expect(tried.filter((operation) => names(operation).some((name) => ours.has(name))).length).toBeGreaterThan(
    tried.length * 0.8,
  );
});
