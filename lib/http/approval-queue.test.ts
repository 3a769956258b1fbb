import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGISTRY } from '@/lib/compose/registry';
import { get, send, useKnownNodes } from './testing/checked';
import { keepMakingKeys } from './testing/key-maker';
import { aMember } from './testing/members';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

const BOB = '0x00000000000000000000000000000000000000bb';
const APPROVES = ['Policies:Approvals:Read', 'Policies:Approvals:Approve'];
let platform: TestPlatform;
let admin: TestPerson;
let ann: TestPerson;
let ben: TestPerson;
let walletId: string;

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  ann = await aMember(platform, admin, APPROVES);
  ben = await aMember(platform, admin, APPROVES);
  const stop = keepMakingKeys(platform, admin.orgId);
  walletId = (await send(platform, admin, 'POST', '/wallets', { network: 'EthereumSepolia' })).body.id;
  await stop();
  await send(platform, admin, 'POST', '/v2/policies', {
    name: 'Two of finance',
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger' },
    action: {
      kind: 'RequestApproval',
      approvalGroups: [{ name: 'Finance', quorum: 2, approvers: { userId: { in: [ann.userId, ben.userId] } } }],
    },
  });
});
afterAll(() => platform.close());

const ask = async (amount: string) =>
  (await send(platform, admin, 'POST', `/wallets/${walletId}/transfers`, { kind: 'Native', to: BOB, amount })).body
    .approvalId as string;
const decide = (person: TestPerson, approvalId: string, value: 'Approved' | 'Denied') =>
  send(platform, person, 'POST', `/v2/policy-approvals/${approvalId}/decisions`, { value });
const queue = async (person: TestPerson, query: string) => (await get(platform, person, `/x/approvals?${query}`)).body;
const idsOf = async (person: TestPerson, stage: string): Promise<string[]> =>
  (await queue(person, `stage=${stage}`)).items.map((item: { id: string }) => item.id);

test('a request moves from those it needs to the others, and is ready once everybody agreed', async () => {
  const id = await ask('1');
  expect(await idsOf(ann, 'needsMe')).toContain(id);
  expect(await idsOf(admin, 'needsMe')).not.toContain(id);
  expect(await idsOf(admin, 'waiting')).toContain(id);

  await decide(ann, id, 'Approved');
  expect(await idsOf(ann, 'needsMe')).not.toContain(id);
  const waiting = (await queue(ann, 'stage=waiting')).items.find((item: { id: string }) => item.id === id);
  expect(waiting).toMatchObject({
    mine: 'Approved',
    activity: { facts: { amount: '1' } },
    seats: [{ name: 'Finance', required: 2, approvedBy: [ann.userId], awaited: [ben.userId], awaitedCount: 1 }],
  });

  await decide(ben, id, 'Approved');
  expect(await idsOf(ann, 'ready')).toContain(id);
  expect(await idsOf(ann, 'done')).not.toContain(id);
});

test('a rejected request is done, and the queue says who rejected it', async () => {
  const id = await ask('2');
  await decide(ben, id, 'Denied');
  const done = (await queue(ann, 'stage=done')).items.find((item: { id: string }) => item.id === id);
  expect(done).toMatchObject({ status: 'Denied', deniedBy: ben.userId });
  expect(await idsOf(ann, 'waiting')).not.toContain(id);
});

test('the queue is told apart by kind and wallet, and pages by keyset', async () => {
  const ids = [await ask('3'), await ask('4')];
  expect((await queue(ann, 'kind=Change')).items).toEqual([]);
  expect((await queue(ann, 'walletId=wa-none')).items).toEqual([]);
  const page = await queue(ann, `stage=needsMe&walletId=${walletId}&limit=1`);
  expect(page.items.map((item: { id: string }) => item.id)).toEqual([ids[1]]);
  const next = await queue(ann, `stage=needsMe&walletId=${walletId}&limit=1&paginationToken=${page.nextPageToken}`);
  expect(next.items.map((item: { id: string }) => item.id)).toEqual([ids[0]]);
});

test('who sits in for somebody is awaited by the name of both, and told so in queue and timeline', async () => {
  const eve = await aMember(platform, admin, [...APPROVES, 'Wallets:Transfers:Read']);
  const until = new Date(platform.services.now() + 3_600_000).toISOString();
  const handed = (await send(platform, ann, 'POST', '/x/delegations', { toUserId: eve.userId, until })).body;
  const id = await ask('5');
  const [item] = (await queue(eve, 'stage=needsMe')).items;
  expect(item).toMatchObject({
    id,
    seats: [{ awaitedCount: 3, standIns: [{ holder: ann.userId, takenBy: eve.userId }] }],
  });
  expect(item.seats[0].awaited[0]).toBe(eve.userId);
  await decide(eve, id, 'Approved');
  const detail = async () => (await get(platform, eve, `/x/activities/${item.activity.id}`)).body;
  expect(await detail()).toMatchObject({
    dateAsked: item.dateCreated,
    decisions: [{ userId: eve.userId, inPlaceOf: [ann.userId] }],
  });
  expect((await detail()).timeline.at(-1)).toMatchObject({ what: 'approved', byId: eve.userId });
  const current = async () => (await get(platform, ann, '/x/delegations?current=true')).body.items;
  expect(await current()).toEqual([handed]);
  await send(platform, ann, 'DELETE', `/x/delegations/${handed.id}`);
  expect(await current()).toEqual([]);
  expect((await get(platform, ann, '/x/delegations')).body.items).toHaveLength(1);
  expect((await detail()).decisions).toMatchObject([{ userId: eve.userId, inPlaceOf: [] }]);
  await send(platform, admin, 'POST', `/x/activities/${item.activity.id}/abort`);
  expect((await detail()).timeline.at(-1)).toMatchObject({ what: 'withdrawn', byId: admin.userId });
});

test('what signers refused is told newest first, and to this organisation alone', async () => {
  const { pool } = platform.services.db;
  const refuse = (orgId: string, node: number, code: string) =>
    pool.query('INSERT INTO signer_refusals (org_id, activity_id, node, code, message) VALUES ($1, $2, $3, $4, $5)', [
      orgId,
      'xfr-1',
      node,
      code,
      'It is frozen.',
    ]);
  await refuse(admin.orgId, 2, 'ledger.frozen');
  await refuse('or-other', 3, 'ledger.other');
  await refuse(admin.orgId, 1, 'signer.no_share');
  const { items } = (await get(platform, ann, '/x/signers/refusals')).body;
  expect(items.map((item: { code: string }) => item.code)).toEqual(['signer.no_share', 'ledger.frozen']);
  expect(items[1]).toMatchObject({ activityId: 'xfr-1', node: 2, message: 'It is frozen.' });
});

test('the list of a user’s approvals holds those that escalated to them or whose seats they were handed, too', async () => {
  const [cy, dee, eve] = [
    await aMember(platform, admin, APPROVES),
    await aMember(platform, admin, APPROVES),
    await aMember(platform, admin, APPROVES),
  ];
  await send(platform, admin, 'POST', '/v2/policies', {
    name: 'Escalates',
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger' },
    action: {
      kind: 'RequestApproval',
      approvalGroups: [
        {
          quorum: 1,
          approvers: { userId: { in: [cy.userId] } },
          escalation: { afterMinutes: 1, approvers: { userId: { in: [dee.userId] } } },
        },
      ],
    },
  });
  const id = await ask('7');
  const listOf = async (person: TestPerson) =>
    (await get(platform, admin, `/v2/policy-approvals?approverId=${person.userId}`)).body.items.map(
      (item: { id: string }) => item.id,
    );
  expect(await listOf(cy)).toEqual([id]);
  expect(await listOf(dee)).toEqual([]);
  expect(await listOf(eve)).toEqual([]);
  const until = new Date(platform.services.now() + 3_600_000).toISOString();
  await send(platform, cy, 'POST', '/x/delegations', { toUserId: eve.userId, until });
  expect(await listOf(eve)).toEqual([id]);
  platform.advance(61_000);
  expect(await listOf(dee)).toEqual([id]);
  await decide(ben, id, 'Denied');
  expect(await listOf(dee)).toEqual([id]);
});
