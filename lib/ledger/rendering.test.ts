import { expect, test } from 'vitest';
import { renderingDigest, renderingOf, type SignedRequest } from './rendering';
import { ALWAYS, asks, BLOCK } from './testing/people';
import { BOB } from './testing/signing';
import { activityIdOf, createWorld } from './testing/world';

const MALLORY = `0x${'66'.repeat(20)}`;
const request: SignedRequest = {
  operationId: 'wallets.transferAsset',
  params: { walletId: 'wa-1' },
  body: { kind: 'Native', to: BOB, amount: '1500', memo: 'rent' },
  statement: {
    userId: 'us-1',
    context: { walletId: 'wa-1', network: 'EthereumSepolia', address: BOB, feeCeiling: '1' },
  },
};
const digest = (change: Partial<SignedRequest>): string => renderingDigest(renderingOf({ ...request, ...change }));

test('a rendering says who asks for what, from where to where, and the whole body', () => {
  expect(Object.fromEntries(renderingOf(request).lines)).toMatchObject({
    operation: 'wallets.transferAsset',
    requester: 'us-1',
    walletId: 'wa-1',
    address: BOB,
    does: 'transfer',
    network: 'EthereumSepolia',
    recipient: expect.stringMatching(new RegExp(BOB, 'i')),
    asset: 'native',
    'amount in base units': '1500',
    'network fee at most, in base units': expect.stringMatching(/^\d+$/),
    body: `{"amount":"1500","kind":"Native","memo":"rent","to":"${BOB}"}`,
  });
});

test('its digest is fixed for version 1 and moves with every member of the request', () => {
  const body = request.body as object;
  const all = [
    digest({}),
    digest({ body: { ...body, to: MALLORY } }),
    digest({ body: { ...body, amount: '1501' } }),
    digest({ body: { ...body, memo: 'rent!' } }),
    digest({ params: { walletId: 'wa-2' } }),
    digest({ operationId: 'wallets.broadcastTransaction' }),
    digest({ statement: { ...request.statement, userId: 'us-2' } }),
    digest({ statement: { ...request.statement, tokenId: 'to-1' } }),
    digest({ statement: { ...request.statement, context: { ...request.statement.context, network: 'Ethereum' } } }),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(all[0]).toMatchInlineSnapshot(`"83daddcfa190f5ec5f99cc28b316ccbdfed2d1e25a99de1282afcc7f8cef7f68"`);
});

test('what can’t be decoded is said to be unknown, and its bytes are shown', () => {
  const body = { kind: 'Evm', to: BOB, data: '0xdeadbeef' };
  const lines = Object.fromEntries(
    renderingOf({ ...request, operationId: 'wallets.broadcastTransaction', body }).lines,
  );
  expect(lines).toMatchObject({ does: 'contractCall', asset: 'unknown', 'amount in base units': 'unknown' });
  expect(lines['body']).toContain('0xdeadbeef');
});

const pendingTransfer = () => {
  const world = createWorld();
  const walletId = world.wallet();
  const approver = world.approver();
  world.policy(ALWAYS, asks([approver.userId]));
  const activity = world.activity(activityIdOf(world.transfer(walletId)));
  const subject = { activityId: activity.id, activityDigest: activity.digest };
  const policyVersions = Object.fromEntries(
    activity.evaluations.map(({ policyId }) => [policyId, world.state.tables.policy.get(policyId)?.version ?? '']),
  );
  return { world, approver, activity, context: { ...subject, policyVersions } };
};

test('a decision whose statement carries another rendering, or none, is void', () => {
  const { world, approver, activity, context } = pendingTransfer();
  const approvalId = activity.approvalId ?? '';
  for (const forged of [context, { ...context, rendering: '00'.repeat(32) }, { ...context, rendering: '' }])
    expect(world.vote(approver, approvalId, 'Approved', { statement: { context: forged } })).toMatchObject({
      kind: 'void',
      refusal: { code: 'policy.changed' },
    });
  expect(world.activity(activity.id).status).toBe('Pending');
  const honest = { ...context, rendering: activity.rendering ?? '' };
  expect(world.vote(approver, approvalId, 'Approved', { statement: { context: honest } }).kind).toBe('applied');
  expect(world.activity(activity.id).status).toBe('Approved');
});

test('a change of governance is rendered too, with the version it replaces', () => {
  const world = createWorld();
  const approver = world.approver();
  const policyId = world.policy(ALWAYS, BLOCK);
  world.policy(ALWAYS, asks([approver.userId, world.approver().userId]), 'Policies:Modify', {
    filters: { policyId: { in: [policyId] } },
  });
  const version = world.state.tables.policy.get(policyId)?.version ?? '';
  world.act(world.admin, 'policies.archivePolicy', { policyId }, {});
  const change = [...world.state.tables.changeRequest.values()][0];
  const own = renderingOf({
    operationId: 'policies.archivePolicy',
    params: { policyId },
    body: {},
    statement: { userId: world.admin.userId, context: { replaces: version } },
  });
  expect(Object.fromEntries(own.lines)).toMatchObject({ policyId, 'replaces version': version });
  expect(change?.rendering).toBe(renderingDigest(own));
});
