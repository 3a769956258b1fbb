import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DfnsApiClient } from '@dfns/sdk';
import { AsymmetricKeySigner } from '@dfns/sdk-keysigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJson } from './json';
import { matchOperation } from './table';

type Seen = { readonly id: string; readonly signed: boolean; readonly refused: readonly string[] };

/** Notes what the unmodified SDK puts on the wire, and answers just enough for it to go on to the next call. */
const seen: Seen[] = [];
const server = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const match = matchOperation(request.method ?? '', url.pathname);
  const body = parseJson(Buffer.concat(chunks));
  if (match && 'operation' in match) {
    const { operation } = match;
    const query: Record<string, string | string[]> = {};
    for (const key of new Set(url.searchParams.keys())) {
      const values = url.searchParams.getAll(key);
      query[key] = values.length === 1 ? (values[0] ?? '') : values;
    }
    const inBody = operation.body?.safeParse(body.ok ? body.value : null).error?.issues ?? [];
    const inQuery = operation.query?.safeParse(query).error?.issues ?? [];
    seen.push({
      id: operation.id,
      signed: request.headers['x-dfns-useraction'] !== undefined,
      refused: [...inBody, ...inQuery].map((issue) => issue.message),
    });
  }
  const credId = Buffer.from('cred').toString('base64url');
  const challenge = {
    challenge: 'c',
    challengeIdentifier: 'jwt',
    allowCredentials: { key: [{ type: 'public-key', id: credId }], webauthn: [] },
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ...challenge, userAction: 'token' }));
});

let client: DfnsApiClient;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const signer = new AsymmetricKeySigner({ credId: Buffer.from('cred').toString('base64url'), privateKey });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new DfnsApiClient({ baseUrl, authToken: 'a.b.c', signer });
});
afterAll(() => server.close());

const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const CALLS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['wallets.createWallet', () => client.wallets.createWallet({ body: { network: 'EthereumSepolia', name: 'é' } })],
  ['wallets.listWallets', () => client.wallets.listWallets({ query: { limit: 10, owner: 'us-1' } })],
  ['wallets.listWallets', () => client.wallets.listWallets()],
  ['wallets.untagWallet', () => client.wallets.untagWallet({ walletId: 'wa-1', body: { tags: ['hot'] } })],
  ['wallets.getWalletAssets', () => client.wallets.getWalletAssets({ walletId: 'wa-1', query: { netWorth: 'true' } })],
  [
    'wallets.transferAsset',
    () =>
      client.wallets.transferAsset({
        walletId: 'wa-1',
        body: { kind: 'Native', to: ADDRESS, amount: '1', externalId: 'e' },
      }),
  ],
  [
    'wallets.transferAsset',
    () =>
      client.wallets.transferAsset({
        walletId: 'wa-1',
        body: { kind: 'Erc20', contract: ADDRESS, to: ADDRESS, amount: '1' },
      }),
  ],
  [
    'wallets.broadcastTransaction',
    () =>
      client.wallets.broadcastTransaction({
        walletId: 'wa-1',
        body: { kind: 'Eip1559', to: ADDRESS, value: '0x1', nonce: 3 },
      }),
  ],
  ['wallets.speedUpTransfer', () => client.wallets.speedUpTransfer({ walletId: 'wa-1', transferId: 'xfr-1' })],
  ['wallets.cancelTransfer', () => client.wallets.cancelTransfer({ walletId: 'wa-1', transferId: 'xfr-1' })],
  [
    'wallets.generateSignature',
    () => client.wallets.generateSignature({ walletId: 'wa-1', body: { kind: 'Message', message: '0x00' } }),
  ],
  ['keys.createKey', () => client.keys.createKey({ body: { scheme: 'ECDSA', curve: 'secp256k1' } })],
  [
    'keys.generateSignature',
    () => client.keys.generateSignature({ keyId: 'key-1', body: { kind: 'Hash', hash: '00'.repeat(32) } }),
  ],
  [
    'permissions.createPermission',
    () => client.permissions.createPermission({ body: { name: 'x', operations: ['Wallets:Read'] } }),
  ],
  [
    'permissions.archivePermission',
    () => client.permissions.archivePermission({ permissionId: 'pm-1', body: { isArchived: true } }),
  ],
  [
    'permissions.deleteAssignment',
    () => client.permissions.deleteAssignment({ permissionId: 'pm-1', assignmentId: 'as-1', query: { force: true } }),
  ],
  ['policies.archivePolicy', () => client.policies.archivePolicy({ policyId: 'plc-1' })],
  ['policies.listApprovals', () => client.policies.listApprovals({ query: { limit: '5', status: 'Pending' } })],
  [
    'policies.createApprovalDecision',
    () => client.policies.createApprovalDecision({ approvalId: 'ap-1', body: { value: 'Denied', reason: 'no' } }),
  ],
  ['auth.listUsers', () => client.auth.listUsers({ query: { kind: 'CustomerEmployee' } })],
  ['auth.createUser', () => client.auth.createUser({ body: { email: 'a@example.com', kind: 'CustomerEmployee' } })],
  ['auth.createCredentialChallenge', () => client.auth.createCredentialChallenge({ body: { kind: 'Key' } })],
  [
    'auth.createLoginChallenge',
    () => client.auth.createLoginChallenge({ body: { orgId: 'or-1', username: 'a@example.com' } }),
  ],
  ['auth.logout', () => client.auth.logout({ body: {} })],
];

test.each(CALLS)('what the unmodified SDK sends for %s parses', async (id, call) => {
  seen.length = 0;
  await call();
  expect(seen.flatMap((request) => request.refused)).toEqual([]);
  expect(seen.at(-1)?.id).toBe(id);
  const isSigned = seen.at(-1)?.signed;
  const actions = ['auth.createUserActionChallenge', 'auth.createUserActionSignature'];
  expect(seen.map((request) => request.id)).toEqual(isSigned ? [...actions, id] : [id]);
});
