import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DfnsApiClient, DfnsDelegatedApiClient, type PolicyPendingError } from '@dfns/sdk';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { signInOnly, verifying } from '@/lib/verifying-client/verifying';
import { approverCommand } from '../support/approver-command';
import { type LyingProxy, startLyingProxy } from '../support/lying-proxy';
import { type Person, signerOf } from '../support/person';
import { until } from '../support/system';
import { newWallet } from '../support/transfers';
import { invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'verifying-'));
const MALLORY = `0x${'66'.repeat(20)}`;

let admin: Person;
let bob: Person;
let walletId: string;
let proxy: LyingProxy;
/** Bob at a terminal. */
let approve: ReturnType<typeof approverCommand>['typed'];
/** The same, without a new process every time. */
let called: ReturnType<typeof approverCommand>['called'];

beforeAll(async () => {
  proxy = await startLyingProxy(system.baseUrl);
  admin = await newOrganisation(system);
  bob = await invite(system, admin, ['Policies:Approvals:Approve', 'Policies:Approvals:Read', 'Policies:Read']);
  ({ walletId } = await newWallet(system, admin));
  ({ typed: approve, called } = approverCommand(path.join(folder, 'bob'), bob));
});
afterAll(async () => {
  await proxy.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => proxy.tell({}));

const clientOf = (person: Person): DfnsApiClient =>
  new DfnsApiClient({
    baseUrl: proxy.baseUrl,
    orgId: person.orgId,
    authToken: person.token,
    signer: signerOf(person.credential),
  });
const wrapped = (person: Person): DfnsApiClient => verifying(clientOf(person), signerOf(person.credential));

const payment = () => ({ kind: 'Native' as const, to: `0x${randomBytes(20).toString('hex')}`, amount: '1000' });
const swapRecipient = (text: string): string => text.replace(/0x[0-9a-f]{40}/g, MALLORY);
const SIGNED = 'POST /auth/action';

const refusal = async (call: Promise<unknown>): Promise<readonly string[]> => {
  const error = await call.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(StatementDiffersError);
  return (error as StatementDiffersError).differences.map((one) => one.what);
};

/** The server swaps the recipient in what it hashes and in what it enters. */
const swapsRecipient = () =>
  proxy.tell({
    toServer: ({ method, path: to, body }) =>
      method === 'POST' && !to.includes('login') ? { body: swapRecipient(body) } : {},
  });

test('residual: through the SDK alone a lying server gets its own recipient signed by the caller’s credential', async () => {
  swapsRecipient();
  const made = await clientOf(admin).wallets.transferAsset({ walletId, body: payment() });
  expect(proxy.seen()).toContain(SIGNED);
  const transfer = await admin.client.wallets.getTransfer({ walletId, transferId: made.id });
  expect(transfer.requestBody).toMatchObject({ to: MALLORY });
});

test('with the wrapper nothing is signed: the body differs, and is named', async () => {
  swapsRecipient();
  expect(await refusal(wrapped(admin).wallets.transferAsset({ walletId, body: payment() }))).toEqual(['body']);
  expect(proxy.seen()).not.toContain(SIGNED);
});

test('an honest server’s calls go through the wrapper, of every kind of context, side by side', async () => {
  const client = wrapped(admin);
  const permission = await client.permissions.createPermission({
    body: { name: `Seen ${randomBytes(4).toString('hex')}`, operations: ['Wallets:Read'] },
  });
  const [assignment, transfer, signature] = await Promise.all([
    client.permissions.createAssignment({ permissionId: permission.id, body: { identityId: bob.userId } }),
    client.wallets.transferAsset({ walletId, body: payment() }),
    client.wallets.generateSignature({
      walletId,
      body: { kind: 'Message', message: `0x${Buffer.from('hello').toString('hex')}` },
    }),
  ]);
  await client.permissions.updatePermission({ permissionId: permission.id, body: { operations: ['Keys:Read'] } });
  await client.permissions.deleteAssignment({ permissionId: permission.id, assignmentId: assignment.id });
  await client.permissions.archivePermission({ permissionId: permission.id, body: { isArchived: true } });
  const policy = await client.policies.createPolicy({ body: asksBob('Short-lived') });
  await client.policies.updatePolicy({ policyId: policy.id, body: asksBob('Renamed') });
  await client.policies.archivePolicy({ policyId: policy.id });
  await client.wallets.updateWallet({ walletId, body: { name: 'Verified' } });
  for (const { id } of [transfer, signature]) expect(id).toMatch(/^(xfr|sig)-/);
});

type PolicyBody = Parameters<Person['client']['policies']['createPolicy']>[0]['body'];
const asksBob = (name: string, others: readonly string[] = []): PolicyBody =>
  ({
    name,
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger', configuration: {} },
    action: {
      kind: 'RequestApproval',
      approvalGroups: [{ quorum: 1, approvers: { userId: { in: [bob.userId, ...others] } } }],
    },
  }) as unknown as PolicyBody;

let asked = false;
const pending = async () => {
  if (!asked) await admin.client.policies.createPolicy({ body: asksBob('Bob looks at all') });
  asked = true;
  const body = payment();
  const { id, approvalId = '' } = await admin.client.wallets.transferAsset({ walletId, body });
  return { id, approvalId, body };
};

test('an SDK’s approval is given to what its caller was shown; another request in the entry is refused', async () => {
  const { approvalId } = await pending();
  const client = wrapped(bob);
  proxy.tell({
    toClient: ({ path: to }, answer) =>
      to.includes('/v2/policy-approvals/') ? JSON.parse(swapRecipient(JSON.stringify(answer))) : answer,
  });
  expect(await client.policies.getApproval({ approvalId })).toBeTruthy();
  proxy.tell({});
  expect(await refusal(client.policies.createApprovalDecision({ approvalId, body: { value: 'Approved' } }))).toEqual([
    'request body shown',
  ]);
  expect(proxy.seen()).not.toContain(SIGNED);
});

test('a decision carried over to another approval, or over another rendering, is refused', async () => {
  const [one, other] = [await pending(), await pending()];
  const decide = () =>
    wrapped(bob).policies.createApprovalDecision({ approvalId: one.approvalId, body: { value: 'Approved' } });
  proxy.tell({ toServer: ({ body }) => ({ body: body.replaceAll(one.approvalId, other.approvalId) }) });
  expect(await refusal(decide())).toEqual([
    'path',
    'context: activityId',
    'context: activityDigest',
    'context: rendering',
  ]);
  proxy.tell({
    toClient: (_sent, answer) => {
      if (answer.statement) answer.statement.context.rendering = 'ff'.repeat(32);
      return answer;
    },
  });
  expect(await refusal(decide())).toEqual(['context: rendering', 'challenge']);
  proxy.tell({});
  await decide();
  const transfer = await until(
    () => admin.client.wallets.getTransfer({ walletId, transferId: one.id }),
    ({ status }) => status === 'Confirmed',
  );
  expect(transfer.requestBody).toMatchObject({ to: one.body.to });
});

test('a sign-in signs nothing but a sign-in', async () => {
  const { approvalId } = await pending();
  const init = await fetch(new URL('/auth/action/init', system.baseUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${bob.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      userActionPayload: '{"value":"Approved"}',
      userActionHttpMethod: 'POST',
      userActionHttpPath: `/v2/policy-approvals/${approvalId}/decisions`,
      userActionServerKind: 'Api',
    }),
  });
  const stolen = (await init.json()) as { readonly challenge: string };
  expect(await refusal(signInOnly(signerOf(bob.credential)).sign(stolen as never))).toEqual(['sign-in challenge']);
  proxy.tell({
    toClient: ({ path: to }, answer) =>
      to === '/auth/login/init' ? { ...answer, challenge: stolen.challenge } : answer,
  });
  const { code, complaint } = await approve(proxy.baseUrl, 'list');
  expect(code).toBe(3);
  expect(complaint).toContain('sign-in challenge');
  expect(proxy.seen()).toEqual(['POST /auth/login/init']);
});

test('with a key file and the address alone an approver lists, looks and approves, and the payment arrives', async () => {
  const { id, approvalId, body } = await pending();
  const listed = await approve(system.baseUrl, 'list');
  expect(listed, listed.complaint).toMatchObject({ code: 0 });
  expect(listed.complaint).toContain('First use');
  const sentence = `${approvalId}  send 0.000000000000001 eth to ${body.to}`;
  expect(listed.output.toLowerCase()).toContain(sentence);
  const shown = await approve(system.baseUrl, 'show', approvalId);
  expect(shown, shown.complaint).toMatchObject({ code: 0, complaint: '' });
  for (const said of [body.to, 'wallets.transferAsset', 'All that the server says of it agrees', 'Bob looks at all'])
    expect(shown.output).toContain(said);
  const unasked = await approve(system.baseUrl, 'approve', approvalId);
  expect(unasked).toMatchObject({ code: 2, complaint: expect.stringContaining('--yes') });
  const approved = await approve(system.baseUrl, 'approve', approvalId, '--yes');
  expect(approved, approved.complaint).toMatchObject({ code: 0 });
  expect(approved.output).toContain('now Approved');
  await until(
    () => admin.client.wallets.getTransfer({ walletId, transferId: id }),
    ({ status }) => status === 'Confirmed',
  );
  const rejected = await pending();
  expect(
    await approve(system.baseUrl, 'reject', rejected.approvalId, '--reason', 'unknown payee', '--yes'),
  ).toMatchObject({
    code: 0,
    output: expect.stringContaining('now Denied'),
  });
});

test('a change of governance is read, shown and approved the same way, and a lie about it is named', async () => {
  const permission = await admin.client.permissions.createPermission({
    body: { name: `Governed ${randomBytes(4).toString('hex')}`, operations: ['Wallets:Read'] },
  });
  await admin.client.policies.createPolicy({
    body: {
      ...asksBob('Roles are governed', [admin.userId]),
      activityKind: 'Permissions:Modify',
      filters: { permissionId: { in: [permission.id] } },
    } as PolicyBody,
  });
  const waits = await admin.client.permissions
    .updatePermission({ permissionId: permission.id, body: { operations: ['Keys:Read'] } })
    .catch((error: unknown) => error);
  const { approvalId } = (waits as PolicyPendingError).context as { readonly approvalId: string };
  proxy.tell({
    toClient: ({ path: to }, answer) =>
      to.startsWith('/x/') ? JSON.parse(JSON.stringify(answer).replace('["Keys:Read"]', '["Wallets:Read"]')) : answer,
  });
  const lied = await called(proxy.baseUrl, 'approve', approvalId, '--yes');
  expect(lied).toMatchObject({ code: 3, complaint: expect.stringContaining('operations') });
  proxy.tell({});
  const approved = await called(proxy.baseUrl, 'approve', approvalId, '--yes');
  expect(approved, approved.complaint).toMatchObject({
    code: 0,
    output: expect.stringContaining('permissions.updatePermission'),
  });
  expect(await admin.client.permissions.getPermission({ permissionId: permission.id })).toMatchObject({
    operations: ['Keys:Read'],
  });
});

test('the delegated client hands out no challenge whose statement differs', async () => {
  const { credential: _credential, ...who } = admin;
  const delegated = verifying(
    new DfnsDelegatedApiClient({ baseUrl: proxy.baseUrl, orgId: who.orgId, authToken: who.token }),
    signerOf(admin.credential),
  );
  const request = { walletId, body: payment() };
  const challenge = await delegated.wallets.transferAssetInit(request);
  const firstFactor = await signerOf(admin.credential).sign(challenge);
  const { challengeIdentifier } = challenge;
  expect((await delegated.wallets.transferAssetComplete(request, { challengeIdentifier, firstFactor })).id).toMatch(
    /^xfr-/,
  );
  swapsRecipient();
  expect(await refusal(delegated.wallets.transferAssetInit(request))).toEqual(['body']);
});

/** Per lie of the server about one pending transfer: what the command names. */
const LIES: readonly (readonly [string, (path: string, answer: Lied) => unknown, string])[] = [
  [
    'another recipient in the facts',
    (to, one) => (to.startsWith('/x/activities/') ? { ...one, facts: { ...one.facts, recipient: MALLORY } } : one),
    'recipient',
  ],
  [
    'another amount in the facts',
    (to, one) => (to.startsWith('/x/activities/') ? { ...one, facts: { ...one.facts, amount: '1' } } : one),
    'amount',
  ],
  [
    'another digest',
    (to, one) => (to.startsWith('/x/activities/') ? { ...one, digest: 'ff'.repeat(32) } : one),
    'digest',
  ],
  [
    'another body beside the entry',
    (to, one) =>
      to.startsWith('/x/activities/')
        ? {
            ...one,
            entry: {
              ...one.entry,
              body: Buffer.from(swapRecipient(Buffer.from(one.entry.body, 'base64url').toString())).toString(
                'base64url',
              ),
            },
          }
        : one,
    'body',
  ],
  [
    'another request in the approval',
    (to, one) => (to.startsWith('/v2/policy-approvals/ap-') ? JSON.parse(swapRecipient(JSON.stringify(one))) : one),
    'request body shown',
  ],
  [
    'another activity in the statement',
    (_to, one) =>
      one.statement
        ? { ...one, statement: { ...one.statement, context: { ...one.statement.context, activityDigest: 'ff' } } }
        : one,
    'context: activityDigest',
  ],
  [
    'another genesis',
    (to, one) => (to === '/x/organisation' ? { ...one, genesis: 'ff'.repeat(32) } : one),
    'genesis has changed',
  ],
];
type Lied = {
  readonly facts: object;
  readonly entry: { readonly body: string };
  readonly statement?: { readonly context: object };
};

test('a lying server is refused by the command, which names the lie and signs no decision', async () => {
  const { approvalId, id } = await pending();
  expect((await called(proxy.baseUrl, 'show', approvalId)).code).toBe(0);
  for (const [lie, told, named] of LIES) {
    proxy.tell({ toClient: ({ path: to }, answer) => told(to, answer) });
    const { code, complaint, output } = await called(proxy.baseUrl, 'approve', approvalId, '--yes');
    expect([2, 3], lie).toContain(code);
    expect(complaint, lie).toContain(named);
    expect(complaint, lie).toContain('Nothing was signed');
    expect(output, lie).not.toContain('now Approved');
    expect(proxy.seen(), lie).not.toContain(SIGNED);
  }
  expect(await admin.client.wallets.getTransfer({ walletId, transferId: id })).toMatchObject({ status: 'Pending' });
});
