import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DfnsApiClient } from '@dfns/sdk';
import { AsymmetricKeySigner } from '@dfns/sdk-keysigner';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashBody, loginChallenge, type Statement, statementChallenge } from '@/lib/authentication/statement';
import { chainRulesFor } from '@/lib/chain/rules';
import { utf8ToBytes } from '@/lib/domain/hash';
import { feeCeilingOf } from '@/lib/ledger/intent';
import { StatementDiffersError } from '@/lib/verifying/difference';
import { signInOnly, verifying } from './verifying';

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const FROM = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const GENESIS = 'aa'.repeat(32);
const credId = Buffer.from('cred').toString('base64url');
const wallet = { id: 'wa-1', network: 'EthereumSepolia', address: FROM, status: 'Active' };
const body = { kind: 'Native' as const, to: TO, amount: '1500' };
const feeCeiling = feeCeilingOf('wallets.transferAsset', wallet, body, chainRulesFor) ?? '';
const honestContext = { walletId: 'wa-1', network: 'EthereumSepolia', address: FROM, feeCeiling };

type Lie = (statement: Statement) => Statement | undefined;
/** A server that builds honest statements, and lies as the test says. */
let lie: Lie;
let lieAboutChallenge: (challenge: string) => string;
let context: Statement['context'];
let initialised: string[];
let signed: string[];

const statementFor = (asked: { readonly [name: string]: string }): Statement => ({
  v: 1,
  orgId: 'or-1',
  genesis: GENESIS,
  userId: 'us-1',
  method: asked.userActionHttpMethod ?? '',
  path: asked.userActionHttpPath ?? '',
  bodyHash: hashBody(utf8ToBytes(asked.userActionPayload ?? '')),
  serverNonce: 'n',
  expiresAt: Date.now() + 295_000,
  context,
});

const server = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = request.url ?? '';
  const answer = (value: object) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  const text = Buffer.concat(chunks).toString();
  if (url === '/x/organisation') return answer({ id: 'or-1', genesis: GENESIS, ...organisation });
  if (url === '/wallets/wa-1' && request.method === 'GET') return answer({ ...shownWallet });
  if (url !== '/auth/action/init') {
    if (url === '/auth/action') signed.push(text);
    return answer({ userAction: 'token', id: 'done' });
  }
  const asked = JSON.parse(text) as { readonly [name: string]: string };
  initialised.push(asked.userActionHttpPath ?? '');
  const statement = lie(statementFor(asked));
  // Answers come back in another order than they were asked for.
  await new Promise((resolve) => setTimeout(resolve, asked.userActionPayload?.includes('slow') ? 60 : 0));
  answer({
    challenge: lieAboutChallenge(statement ? statementChallenge(statement) : 'random'),
    challengeIdentifier: 'ch',
    allowCredentials: { key: [{ type: 'public-key', id: credId }], webauthn: [] },
    statement,
  });
});
const organisation = {
  name: 'Org',
  fingerprint: '',
  confirmed: true,
  enrolment: 'server',
  strict: false,
  rpId: 'localhost',
  origins: [],
  signers: 4,
  threshold: 3,
  profile: 'single-machine',
  mainnet: false,
  frozen: false,
  frozenWalletIds: [],
  sessions: { lifeMinutes: null, idleMinutes: null },
};
const shownWallet = {
  ...wallet,
  dateCreated: '2026-01-01T00:00:00.000Z',
  custodial: true,
  imported: false,
  exported: false,
  tags: [],
  signingKey: { id: 'key-1', scheme: 'ECDSA', curve: 'secp256k1', publicKey: '02'.padEnd(66, '0') },
};

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const signer = new AsymmetricKeySigner({ credId, privateKey });
const tokenOf = (tokenKind: string) =>
  `h.${Buffer.from(
    JSON.stringify({ 'https://custom/app_metadata': { orgId: 'or-1', userId: 'us-1', tokenId: 'to-1', tokenKind } }),
  ).toString('base64url')}.s`;

let baseUrl: string;
const newClient = (tokenKind = 'Token') => new DfnsApiClient({ baseUrl, authToken: tokenOf(tokenKind), signer });
let client: DfnsApiClient;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  lie = (statement) => statement;
  lieAboutChallenge = (challenge) => challenge;
  context = honestContext;
  initialised = [];
  signed = [];
  client = verifying(newClient(), signer);
});

const transfer = (using = client) => using.wallets.transferAsset({ walletId: 'wa-1', body });
const refusal = async (call: () => Promise<unknown>): Promise<readonly string[]> => {
  const error = await call().then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error !== null && !(error instanceof StatementDiffersError)) throw error;
  return error === null ? [] : error.differences.map((one) => one.what);
};

test('a call whose statement says what was called is signed and sent by the unmodified SDK', async () => {
  expect(await transfer()).toMatchObject({ id: 'done' });
  expect(signed).toHaveLength(1);
});

const LIES: readonly (readonly [string, Lie, readonly string[]])[] = [
  ['another body', (one) => ({ ...one, bodyHash: 'ff' }), ['body']],
  ['another path', (one) => ({ ...one, path: '/wallets/wa-2/transfers' }), ['path']],
  ['another method', (one) => ({ ...one, method: 'PUT' }), ['method']],
  ['another organisation', (one) => ({ ...one, orgId: 'or-2' }), ['organisation']],
  ['another person', (one) => ({ ...one, userId: 'us-2' }), ['person']],
  ['a token for a session', (one) => ({ ...one, tokenId: 'to-1' }), ['token']],
  ['another genesis than before', (one) => ({ ...one, genesis: 'bb'.repeat(32) }), ['genesis']],
  [
    'another wallet in the context',
    (one) => ({ ...one, context: { ...one.context, walletId: 'wa-2' } }),
    ['context: walletId'],
  ],
  ['another network', (one) => ({ ...one, context: { ...one.context, network: 'Ethereum' } }), ['context: network']],
  ['another sender', (one) => ({ ...one, context: { ...one.context, address: TO } }), ['context: address']],
  ['another fee ceiling', (one) => ({ ...one, context: { ...one.context, feeCeiling: '1' } }), ['context: feeCeiling']],
  ['an end thirty days ahead', (one) => ({ ...one, expiresAt: one.expiresAt + 30 * 86_400_000 }), ['expiry']],
  ['an end that is past', (one) => ({ ...one, expiresAt: one.expiresAt - 600_000 }), ['expiry']],
  [
    'a member too many',
    (one) => ({ ...one, context: { ...one.context, activityDigest: 'dd' } }),
    ['context: activityDigest'],
  ],
];
test.each(LIES)('%s is refused, named, and nothing is signed', async (_name, told, differences) => {
  lie = told;
  expect(await refusal(transfer)).toEqual(differences);
  expect(signed).toEqual([]);
});

test('a challenge that is not derived from the statement beside it is refused', async () => {
  lieAboutChallenge = () => statementChallenge({ ...statementFor({}), path: '/x/freeze' });
  expect(await refusal(transfer)).toEqual(['challenge']);
});

test('a challenge without a statement is refused', async () => {
  lie = () => undefined;
  expect(await refusal(transfer)).toEqual(['statement']);
});

test('a token’s own id belongs into its statements', async () => {
  const bot = verifying(newClient('ServiceAccount'), signer);
  expect(await refusal(() => transfer(bot))).toEqual(['token']);
  lie = (one) => ({ ...one, tokenId: 'to-1' });
  expect(await refusal(() => transfer(bot))).toEqual([]);
});

test('a genesis given beforehand is held to from the first call on', async () => {
  const pinned = verifying(newClient(), signer, { genesis: 'cc'.repeat(32) });
  expect(await refusal(() => transfer(pinned))).toEqual(['genesis']);
});

test('calls side by side are each compared with their own statement', async () => {
  context = {};
  const names = ['slow one', 'two', 'slow three', 'four'];
  const make = (name: string) => client.permissions.createPermission({ body: { name, operations: ['Wallets:Read'] } });
  await Promise.all(names.map(make));
  expect(signed).toHaveLength(4);
  // The server swaps two of them: both are refused, the others go on.
  const hashOf = (name: string) => hashBody(utf8ToBytes(JSON.stringify({ name, operations: ['Wallets:Read'] })));
  lie = (one) =>
    one.bodyHash === hashOf('two')
      ? { ...one, bodyHash: hashOf('four') }
      : one.bodyHash === hashOf('four')
        ? { ...one, bodyHash: hashOf('two') }
        : one;
  expect(await Promise.all(names.map((name) => refusal(() => make(name))))).toEqual([[], ['body'], [], ['body']]);
  expect(signed).toHaveLength(6);
});

test('a body changed while the call runs is not the one that was called, and what was called is what is sent', async () => {
  context = {};
  const changing = { name: 'before', operations: ['Wallets:Read' as const] };
  const running = client.permissions.createPermission({ body: changing });
  changing.name = 'after';
  await running;
  expect(signed).toHaveLength(1);
});

test('a method the contract does not know is never signed', async () => {
  class Novelties {
    constructor(readonly apiOptions: { readonly signer: typeof signer }) {}
    launch = () => this.apiOptions.signer.sign({ challenge: 'c' } as never);
  }
  const newer = { apiOptions: { signer }, novelties: new Novelties({ signer }) };
  expect(await refusal(() => verifying(newer, signer).novelties.launch())).toEqual(['operation']);
});

test('a sign-in signs the challenge of a login, and no user action dressed up as one', async () => {
  const nonce = 'A'.repeat(43);
  const allowCredentials = { key: [{ type: 'public-key' as const, id: credId }], webauthn: [] };
  const only = signInOnly(signer);
  const sign = (challenge: string) => only.sign({ challenge, nonce, allowCredentials } as never);
  expect(await refusal(() => sign(loginChallenge(nonce)))).toEqual([]);
  expect(await refusal(() => sign(statementChallenge(statementFor({}))))).toEqual(['sign-in challenge']);
});
