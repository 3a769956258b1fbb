import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { loadServerSecrets } from './server-secrets';
import { APP_METADATA, createTokens } from './tokens';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tokens-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));
const secrets = loadServerSecrets(dir);
const tokens = createTokens(secrets, 'http://localhost:3000');
const NOW = Date.now();
const CLAIMS = { kind: 'Token', orgId: 'or-1', userId: 'us-1', tokenId: 'to-1' } as const;
const mint = (expiresAt = NOW + 60_000) => tokens.mint(CLAIMS, { issuedAt: NOW, expiresAt });

test('a token carries the claim in which the SDK looks for the organisation', async () => {
  const token = await mint();
  expect(token.split('.')).toHaveLength(3);
  expect(decodeJwt(token)[APP_METADATA]).toEqual({
    orgId: 'or-1',
    userId: 'us-1',
    tokenId: 'to-1',
    tokenKind: 'Token',
  });
  expect(await tokens.read(token, NOW)).toEqual(CLAIMS);
});

test('an expired token is not read', async () => {
  expect(await tokens.read(await mint(), NOW + 61_000)).toBeNull();
});

test('a token of another key, or signed with the public key as a shared secret, is not read', async () => {
  const other = createTokens(loadServerSecrets(path.join(dir, 'other')), 'http://localhost:3000');
  expect(await tokens.read(await other.mint(CLAIMS, { issuedAt: NOW, expiresAt: NOW + 60_000 }), NOW)).toBeNull();
  const forged = await new SignJWT({ [APP_METADATA]: { ...CLAIMS, tokenKind: 'Token' } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject('us-1')
    .setJti('to-1')
    .setExpirationTime('1h')
    .sign(Buffer.from(secrets.publicKey.export({ format: 'pem', type: 'spki' }).toString()));
  expect(await tokens.read(forged, NOW)).toBeNull();
});

test('the keys survive a restart and only their owner may read them', () => {
  expect(loadServerSecrets(dir).keyId).toBe(secrets.keyId);
  expect(fs.statSync(path.join(dir, 'server', 'keys.json')).mode & 0o777).toBe(0o600);
});

test('the published key set holds no private part', async () => {
  const { keys } = await tokens.jwks();
  expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid: secrets.keyId });
  expect(keys[0]).not.toHaveProperty('d');
});
