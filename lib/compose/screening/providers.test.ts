import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startVendor, type Vendor, type VendorMood } from '@/e2e/support/screening-vendor';
import type { RecordKind } from '@/lib/ledger/records';
import { find } from '@/lib/ledger/state';
import { activityIdOf, createWorld } from '@/lib/ledger/testing/world';
import { createLogger } from '@/lib/logger';
import { globalLedger, notabene } from './bridges';
import { chainalysisKyt } from './chainalysis-kyt';
import { createDesk } from './desk';
import type { ScreeningProvider, ScreeningQuery } from './provider';
import { registerSent } from './register-sent';
import { sanctionsApi } from './sanctions-api';
import { parseSanctionsList, sanctionsList } from './sanctions-list';

const BOB = '0x00000000000000000000000000000000000000b1';
const KEY = 'a-key-nobody-may-read';
const query = (more: Partial<ScreeningQuery['transfer']> = {}): ScreeningQuery => ({
  counterparty: BOB,
  userId: 'group 1',
  transfer: {
    orgId: 'or-1',
    direction: 'outgoing',
    network: 'EthereumSepolia',
    asset: 'native',
    from: '0x00000000000000000000000000000000000000a1',
    to: BOB,
    amount: '1500000000000000000',
    reference: '',
    ...more,
  },
});

let vendor: Vendor;
beforeAll(async () => {
  vendor = await startVendor();
});
afterAll(() => vendor.stop());
beforeEach(() => {
  vendor.be('clean');
  vendor.list();
  vendor.exposeTo(null);
  vendor.knowAs(null);
  vendor.seen.length = 0;
});

const lines: string[] = [];
const log = createLogger({ name: 'test', level: 'trace', destination: { write: (line) => void lines.push(line) } });
const kyt = (): ScreeningProvider =>
  chainalysisKyt({
    url: `${vendor.url}/kyt/`,
    secretKey: KEY,
    describe: async () => ({ symbol: 'ETH', amount: 1.5 }),
  });
const api = (): ScreeningProvider => sanctionsApi({ url: vendor.url, secretKey: KEY });
const ledger = (): ScreeningProvider => globalLedger({ url: `${vendor.url}/global-ledger`, secretKey: KEY });
const travelRule = (): ScreeningProvider => notabene({ url: `${vendor.url}/notabene`, secretKey: KEY });
const ask = (provider: ScreeningProvider, more: Partial<ScreeningQuery['transfer']> = {}, budgetMs = 1_200) =>
  createDesk([provider], { log, budgetMs }).screen(provider.vendor, query(more));

describe.each([
  ['Chainalysis KYT', kyt],
  ['the sanctions API', api],
  ['Global Ledger', ledger],
  ['Notabene', travelRule],
] as const)('%s', (_name, provider) => {
  test('a clean answer is screened, and holds nothing against anybody', async () => {
    expect(await ask(provider())).toMatchObject({ outcome: 'screened', findings: [] });
  });
  test.each([
    ['empty', 'body that is not JSON'],
    ['refused', 'answered 400'],
    ['html', 'answered 403'],
    ['busy', 'answered 429'],
    ['broken', 'answered 500'],
    ['garbage', 'not JSON'],
    ['redirect', 'not reachable'],
    ['silent', 'no answer in time'],
  ] as const)('an answer that is %s is a failure, and says which', async (mood, reason) => {
    vendor.be(mood);
    const found = await ask(provider());
    expect(found).toMatchObject({ outcome: 'failed', findings: [] });
    expect(found.reason).toContain(reason);
  });
  test('a vendor that is not there is a failure', async () => {
    const gone = await startVendor();
    await gone.stop();
    const provided = sanctionsApi({ url: gone.url, secretKey: KEY });
    expect(await ask(provided)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('not reachable') });
  });
});

test.each([
  ['unsupportedNetwork', kyt],
  ['unsupportedAsset', kyt],
  ['unsupportedNetwork', ledger],
  ['unsupportedAsset', travelRule],
] as const)('%s is an outcome of its own', async (mood, provider) => {
  vendor.be(mood);
  expect((await ask(provider())).outcome).toBe(mood);
});

describe('a refusal', () => {
  const answering = async (status: number, body: unknown): Promise<string> => {
    const server = http.createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const describeIt = async () => ({ symbol: 'ETH', amount: 1.5 });
    const said = await Promise.all(
      [
        chainalysisKyt({ url, secretKey: KEY, describe: describeIt }),
        globalLedger({ url, secretKey: KEY }),
        notabene({ url, secretKey: KEY }),
      ].map(async (provider) => (await ask(provider)).outcome),
    );
    server.closeAllConnections();
    server.close();
    expect(new Set(said).size).toBe(1);
    return said[0] ?? '';
  };
  test.each([
    [401, { message: 'Token is not supported' }],
    [403, { message: 'Invalid token' }],
    [403, { message: 'Asset is not supported' }],
    [429, { message: 'Network is not supported' }],
    [503, { message: 'Asset is not supported' }],
    [409, { message: 'Asset is not supported' }],
    [400, { message: 'Invalid token' }],
    [400, { message: 'Unknown API token' }],
    [400, { message: 'Unsupported authorization token' }],
    [400, { message: 'Unsupported parameter', asset: 'ETH' }],
    [404, { message: 'unknown network error' }],
    [422, { message: 'Amounts of an asset must be positive' }],
  ])('of %i %j is a failure, whatever a policy lets pass', async (status, body) => {
    expect(await answering(status, body)).toBe('failed');
  });
  test.each([
    [400, { message: 'The network "Base" is not supported.' }, 'unsupportedNetwork'],
    [422, { error: { code: 'UNSUPPORTED_ASSET' } }, 'unsupportedAsset'],
    [404, { errors: [{ code: 'unsupportedChain' }] }, 'unsupportedNetwork'],
    [400, { message: 'Unsupported token: 0xabc' }, 'unsupportedAsset'],
    [400, { message: 'We do not support this currency' }, 'unsupportedAsset'],
  ])('of %i %j says what is not supported', async (status, body, outcome) => {
    expect(await answering(status, body)).toBe(outcome);
  });
});

describe('Chainalysis KYT', () => {
  test('registers the withdrawal, waits until it was looked at, and reads what was found', async () => {
    vendor.be('late');
    vendor.list(BOB);
    vendor.exposeTo({ category: 'darknet market', categoryId: 8 });
    vendor.knowAs({ categoryName: 'sanctioned entity', categoryId: 3 });
    const found = await ask(kyt(), {}, 5_000);
    expect(found).toEqual({
      vendor: 'Chainalysis',
      outcome: 'screened',
      sources: ['Chainalysis KYT'],
      findings: [
        { kind: 'alert', level: 'SEVERE', category: 'sanctions', categoryId: 3 },
        { kind: 'exposure', category: 'darknet market', categoryId: 8 },
        { kind: 'address', category: 'sanctioned entity', categoryId: 3 },
      ],
    });
    const [registered, ...rest] = vendor.seen;
    expect(registered).toMatchObject({
      method: 'POST',
      path: '/kyt/users/group%201/withdrawal-attempts',
      body: { network: 'Ethereum', asset: 'ETH', address: BOB, assetAmount: 1.5 },
    });
    expect(registered?.headers.token).toBe(KEY);
    expect(rest.map(({ path: asked }) => asked.replace(/attempt-\d+/, 'id'))).toEqual([
      '/kyt/withdrawal-attempts/id',
      '/kyt/withdrawal-attempts/id',
      '/kyt/withdrawal-attempts/id',
      '/kyt/withdrawal-attempts/id/alerts',
      '/kyt/withdrawal-attempts/id/exposures',
      '/kyt/withdrawal-attempts/id/high-risk-addresses',
    ]);
  });
  test('a transfer that came in is registered under its transaction', async () => {
    const found = await ask(kyt(), { direction: 'incoming', reference: '0xabc#0' });
    expect(found.outcome).toBe('screened');
    expect(vendor.seen[0]).toMatchObject({
      path: '/kyt/users/group%201/transfers',
      body: { transferReference: `0xabc:${BOB}`, direction: 'received' },
    });
  });
  test('one that is never looked at is a failure', async () => {
    vendor.be('slow');
    expect(await ask(kyt())).toMatchObject({ outcome: 'failed' });
  });
  test('an alert of a level nobody knows is the worst there is', async () => {
    vendor.list(BOB);
    vendor.alertAs({ alertLevel: 'APOCALYPTIC', category: 'new', categoryId: null });
    expect((await ask(kyt())).findings).toEqual([
      { kind: 'alert', level: 'SEVERE', category: 'new', categoryId: null },
    ]);
  });
});

test('the sanctions API is told the address and nothing else', async () => {
  vendor.list(BOB);
  const found = await ask(api());
  expect(found.findings).toEqual([{ kind: 'sanctions', category: 'sanctions', categoryId: null }]);
  expect(vendor.seen).toMatchObject([{ method: 'GET', path: `/api/v1/address/${BOB}`, body: null }]);
});

test('the bridges give a score, and how far a message got', async () => {
  vendor.score(80);
  expect((await ask(ledger())).score).toBe(80);
  vendor.carry({ state: 'delivered', since: '2026-01-01T00:00:00.000Z' });
  expect((await ask(travelRule())).message).toEqual({ state: 'delivered', since: Date.UTC(2026, 0, 1) });
});

describe('a list in a file', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-list-')), 'list.txt');
  const today = Date.UTC(2026, 10, 27);
  const listed = (content: string, maxAgeDays = 7) => {
    fs.writeFileSync(file, content);
    return sanctionsList({ file, maxAgeDays, now: () => today });
  };
  const LISTED = '0x00000000000000000000000000000000000000B1';

  test('an address on it is a hit whatever its letter case, another one is clean', async () => {
    const list = listed(`# date: 2026-11-26\n${LISTED}\n`);
    expect((await ask(list)).findings).toEqual([{ kind: 'sanctions', category: 'sanctions', categoryId: null }]);
    expect(list.asOf?.()).toBe('2026-11-26');
    const other = listed(`{"date":"2026-11-26","addresses":["0x00000000000000000000000000000000000000c1"]}`);
    expect(await ask(other)).toMatchObject({ outcome: 'screened', findings: [] });
  });
  test('a list that is too old clears nobody, and still names who was on it', async () => {
    const old = '# date: 2026-11-01\n0x00000000000000000000000000000000000000c1\n';
    expect(await ask(listed(old))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('the list is of 2026-11-01'),
    });
    expect((await ask(listed(`# date: 2026-11-01\n${LISTED}`))).findings).toHaveLength(1);
  });
  test('a list without an address, or none at all, clears nobody', async () => {
    expect((await ask(listed('# date: 2026-11-26\n'))).outcome).toBe('failed');
    expect((await ask(sanctionsList({ file: `${file}.gone`, maxAgeDays: 7 }))).outcome).toBe('failed');
  });
  test('OFAC’s own files are read', () => {
    const csv = `36,"X","-0-","remarks; Digital Currency Address - XBT 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h; alt. Digital Currency Address - ETH ${LISTED};"`;
    expect([...(parseSanctionsList(csv, 5)?.addresses ?? [])]).toEqual([
      '12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h',
      LISTED.toLowerCase(),
    ]);
    expect(parseSanctionsList(csv, 5)?.madeAt).toBe(5);
    const xml = `<Publish_Date>11/20/2026</Publish_Date><VersionDetail DetailTypeID="1432">${LISTED}</VersionDetail>`;
    expect(parseSanctionsList(xml, 5)).toEqual({
      addresses: new Set([LISTED.toLowerCase()]),
      madeAt: Date.UTC(2026, 10, 20),
    });
  });
});

describe('several sources', () => {
  const desk = (...providers: ScreeningProvider[]) => createDesk(providers, { log, budgetMs: 1_200 });
  test('one hit counts whatever the others say, also when one of them fails', async () => {
    vendor.list(BOB);
    const broken: ScreeningProvider = { ...api(), name: 'broken', screen: async () => Promise.reject(new Error(KEY)) };
    const found = await desk(api(), kyt(), broken).screen('Chainalysis', query());
    expect(found).toMatchObject({ outcome: 'failed', reason: "broken: answered what can't be read" });
    expect(found.findings.map(({ kind }) => kind)).toEqual(['sanctions', 'alert']);
  });
  test('a source that does not know the network is left out while another one does', async () => {
    const elsewhere: ScreeningProvider = {
      ...api(),
      name: 'elsewhere',
      screen: async () => ({ outcome: 'unsupportedNetwork' }),
    };
    expect(await desk(elsewhere, api()).screen('Chainalysis', query())).toMatchObject({ outcome: 'screened' });
    expect((await desk(elsewhere).screen('Chainalysis', query())).outcome).toBe('unsupportedNetwork');
  });
  test('without any source every screening fails', async () => {
    expect(await desk().screen('Chainalysis', query())).toMatchObject({
      outcome: 'failed',
      reason: 'no source is configured',
    });
  });
  test('health says who answered last and who failed with what', async () => {
    const all = desk(kyt(), api());
    await all.screen('Chainalysis', query());
    vendor.be('html');
    await all.screen('Chainalysis', query());
    expect(all.health()).toMatchObject([
      {
        name: 'Chainalysis KYT',
        lastAnswer: expect.any(String),
        lastFailure: { reason: 'answered 403' },
      },
      { name: 'Chainalysis sanctions API', lastAnswer: expect.any(String) },
    ]);
  });
});

test('keys are in no log, no answer and no health', async () => {
  const moods: readonly VendorMood[] = ['hit', 'html', 'broken', 'redirect', 'garbage', 'refused'];
  const desk = createDesk([kyt(), api(), ledger(), travelRule()], { log, budgetMs: 1_200 });
  const said: unknown[] = [];
  for (const mood of moods) {
    vendor.be(mood);
    for (const who of ['Chainalysis', 'GlobalLedger', 'Notabene'] as const) said.push(await desk.screen(who, query()));
  }
  expect(lines.length).toBeGreaterThan(5);
  expect(JSON.stringify([lines, said, desk.health()])).not.toContain(KEY);
});

describe('a transfer that was sent', () => {
  const txHash = `0x${'ab'.repeat(32)}`;
  const world = createWorld();
  const walletId = world.wallet();
  const activity = {
    ...world.activity(activityIdOf(world.transfer(walletId))),
    chain: { status: 'Confirmed', txHash } as const,
  };
  const services = {
    getRecord: (async (_org: string, kind: RecordKind, id: string) =>
      kind === 'activity' ? activity : (find(world.state, kind, id) ?? null)) as never,
    loadGovernance: async () => world.state,
    now: () => world.now(),
  };
  const register = (provider: ScreeningProvider) =>
    registerSent({ orgId: world.orgId, activityId: activity.id }, services, (sent) => {
      const { transfer, userId } = sent as ScreeningQuery;
      return createDesk([provider, api()], { log, budgetMs: 1_200 }).registerSent('Chainalysis', {
        transfer,
        userId,
        counterparty: transfer.to,
        txHash,
      });
    });

  test('is told to the vendor that keeps transfers, by its transaction and recipient', async () => {
    expect(await register(kyt())).toBeUndefined();
    expect(vendor.seen).toMatchObject([
      {
        method: 'POST',
        path: `/kyt/users/${world.orgId}/transfers`,
        body: {
          network: 'Ethereum',
          asset: 'ETH',
          direction: 'sent',
          transferReference: `${txHash}:${String(activity.facts.recipient).toLowerCase()}`,
        },
      },
    ]);
  });
  test.each(['html', 'busy', 'broken', 'silent'] as const)('is told again after an answer that is %s', async (mood) => {
    vendor.be(mood);
    await expect(register(kyt())).rejects.toThrow('not told');
    vendor.be('clean');
    expect(await register(kyt())).toBeUndefined();
    const told = vendor.seen.map(({ body }) => (body as { transferReference: string }).transferReference);
    expect(new Set(told).size).toBe(1);
  });
  test('is told no more where the vendor can’t take it', async () => {
    vendor.be('unsupportedNetwork');
    expect(await register(kyt())).toBeUndefined();
  });
});
