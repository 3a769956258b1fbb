import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { loadServerSecrets, rotateTokenKey } from './server-secrets';
import { APP_METADATA, createTokens } from './tokens';

const DAY = 86_400_000;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tokens-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));
const secrets = loadServerSecrets(dir, 90 * DAY);
const tokens = createTokens(secrets, 'http://localhost:3000');
const NOW = Date.now();
const CLAIMS = { kind: 'Token', orgId: 'or-1', userId: 'us-1', tokenId: 'to-1' } as const;
const mint = (expiresAt = NOW + 60_000) => tokens.mint(CLAIMS, { issuedAt: NOW, expiresAt });
const [first] = secrets.tokenKeys();
if (!first) throw new Error('There is no key.');

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
  const other = createTokens(loadServerSecrets(path.join(dir, 'other'), 90 * DAY), 'http://localhost:3000');
  expect(await tokens.read(await other.mint(CLAIMS, { issuedAt: NOW, expiresAt: NOW + 60_000 }), NOW)).toBeNull();
  const forged = await new SignJWT({ [APP_METADATA]: { ...CLAIMS, tokenKind: 'Token' } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: first.keyId })
    .setSubject('us-1')
    .setJti('to-1')
    .setExpirationTime('1h')
    .sign(Buffer.from(first.publicKey.export({ format: 'pem', type: 'spki' }).toString()));
  expect(await tokens.read(forged, NOW)).toBeNull();
});

test('a token that names a key of this server and is signed by another is not read', async () => {
  const other = loadServerSecrets(path.join(dir, 'third'), 90 * DAY).signingKey(NOW).secretSigningKey;
  const [head = '', body = ''] = (await mint()).split('.');
  const forged = await new SignJWT(decodeJwt(`${head}.${body}.`))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: first.keyId })
    .sign(other);
  expect(await tokens.read(forged, NOW)).toBeNull();
});

test('a token that was read before is read no longer than it lasts, and no other text for it', async () => {
  const token = await mint();
  expect(await tokens.read(token, NOW)).toEqual(CLAIMS);
  expect(await tokens.read(token, NOW + 61_000)).toBeNull();
  for (const at of [0, 40, token.length - 1]) {
    const other = token[at] === 'A' ? 'B' : 'A';
    expect(await tokens.read(token.slice(0, at) + other + token.slice(at + 1), NOW)).toBeNull();
  }
  expect(await tokens.read(token, NOW)).toEqual(CLAIMS);
});

test('the keys survive a restart and only their owner may read them', () => {
  expect(loadServerSecrets(dir, 90 * DAY).tokenKeys()).toMatchObject([{ keyId: first.keyId }]);
  expect(fs.statSync(path.join(dir, 'server', 'keys.json')).mode & 0o777).toBe(0o600);
});

test('the published key set holds no private part', async () => {
  const { keys } = await tokens.jwks();
  expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid: first.keyId });
  expect(keys[0]).not.toHaveProperty('d');
});

describe('another signing key', () => {
  const start = (name: string) => {
    const home = path.join(dir, name);
    const keys = loadServerSecrets(home, 90 * DAY);
    const server = createTokens(keys, 'http://localhost:3000');
    const make = (issuedAt = NOW) => server.mint(CLAIMS, { issuedAt, expiresAt: issuedAt + DAY });
    return { home, keys, server, make, file: path.join(home, 'server', 'keys.json') };
  };
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;

  test('signs from the moment it is made in servers that run, and the former tokens are still read', async () => {
    const { home, server, make } = start('rotated');
    const former = await make();
    const { keyId } = rotateTokenKey(home, NOW, 'believed');
    const later = await make();
    expect(kidOf(later)).toBe(keyId);
    expect(kidOf(former)).not.toBe(keyId);
    for (const token of [former, later]) expect(await server.read(token, NOW)).toEqual(CLAIMS);
    expect((await server.jwks()).keys.map((key) => key.kid)).toEqual([keyId, kidOf(former)]);
  });

  test('after a leak: nothing signed with the former one is read, and cookies are sealed with another key', async () => {
    const { home, keys, server, make } = start('leaked');
    const former = await make();
    const cookieKey = keys.secretCookieKey;
    expect(await server.read(former, NOW)).toEqual(CLAIMS);
    rotateTokenKey(home, NOW, 'forgotten');
    expect(await server.read(former, NOW)).toBeNull();
    expect(await server.read(await make(), NOW)).toEqual(CLAIMS);
    expect((await server.jwks()).keys).toHaveLength(1);
    expect(keys.secretCookieKey).not.toBe(cookieKey);
  });

  test('is made by the server itself once the key has reached its age, and no earlier', async () => {
    const { make } = start('aged');
    const before = await make(NOW);
    expect(kidOf(await make(NOW + 89 * DAY))).toBe(kidOf(before));
    const after = await make(NOW + 91 * DAY);
    expect(kidOf(after)).not.toBe(kidOf(before));
    expect(kidOf(await make(NOW + 92 * DAY))).toBe(kidOf(after));
  });

  test('is one, of two servers that find the key too old', async () => {
    const { home, make } = start('two');
    const second = createTokens(loadServerSecrets(home, 90 * DAY), 'http://localhost:3000');
    const later = NOW + 91 * DAY;
    const kids = [
      kidOf(await make(later)),
      kidOf(await second.mint(CLAIMS, { issuedAt: later, expiresAt: later + DAY })),
    ];
    expect(new Set(kids).size).toBe(1);
  });

  test('leaves no secret half of the former ones, and forgets them when no token can be left', () => {
    const { home, file } = start('kept');
    rotateTokenKey(home, NOW, 'believed');
    expect(fs.readFileSync(file, 'utf8').match(/PRIVATE KEY/g)).toHaveLength(2);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(rotateTokenKey(home, NOW + 729 * DAY, 'believed').believed).toHaveLength(2);
    expect(rotateTokenKey(home, NOW + 731 * DAY, 'believed').believed).toHaveLength(2);
  });

  test('waits while another process makes one; a lock that somebody died with is broken', () => {
    const { home, file, make } = start('locked');
    fs.writeFileSync(`${file}.lock`, '');
    expect(() => rotateTokenKey(home, NOW, 'believed')).toThrow('another process');
    const old = new Date(Date.now() - 60_000);
    fs.utimesSync(`${file}.lock`, old, old);
    expect(() => rotateTokenKey(home, NOW, 'believed')).toThrow('another process');
    expect(rotateTokenKey(home, NOW, 'believed').keyId).toMatch(/^[0-9a-f]{16}$/);
    return expect(make()).resolves.toBeTruthy();
  });

  test('follows at the next sign-in on the file of an earlier version', async () => {
    const { file, make, server } = start('earlier');
    const { createdAt: _createdAt, retired: _retired, ...old } = JSON.parse(fs.readFileSync(file, 'utf8'));
    fs.writeFileSync(`${file}.old`, JSON.stringify(old));
    fs.renameSync(`${file}.old`, file);
    const token = await make();
    expect(kidOf(token)).not.toBe(old.keyId);
    expect((await server.jwks()).keys.map((key) => key.kid)).toEqual([kidOf(token), old.keyId]);
  });
});
