import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AsymmetricKeySigner } from '@dfns/sdk-keysigner';
import { afterAll, expect, test } from 'vitest';
import { approveCommand } from './approve';
import { readArguments } from './arguments';
import { fido2Signer, unwrapAuthenticatorData } from './fido2';
import { pinGenesis } from './genesis-pins';
import { isOpenToOthers, keySigner, readKeyFile } from './key-file';
import { printable } from './words';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'approver-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string, mode = 0o600): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text, { mode });
  return file;
};
const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const challenge = {
  challenge: 'c',
  challengeIdentifier: 'i',
  rp: { id: 'localhost' },
  allowCredentials: { key: [{ id: 'cred' }], webauthn: [{ id: 'AQID' }] },
};

test('a key file is JSON or PEM with the credential’s id, and signs as the SDK’s key signer does', async () => {
  const json = readKeyFile(write('key.json', JSON.stringify({ credId: 'cred', privateKey })));
  const pem = readKeyFile(write('key.pem', `credId: cred\n${privateKey}`));
  expect(pem).toEqual({ ...json, privateKey });
  const own = await keySigner(pem).sign(challenge);
  const sdk = await new AsymmetricKeySigner({ credId: 'cred', privateKey }).sign(challenge as never);
  expect(own).toMatchObject({ kind: 'Key', credentialAssertion: { credId: 'cred' } });
  expect(own.credentialAssertion.clientData).toBe(
    'credentialAssertion' in sdk ? sdk.credentialAssertion.clientData : null,
  );
  const clientData = Buffer.from(own.credentialAssertion.clientData ?? '', 'base64url');
  const signature = Buffer.from(own.credentialAssertion.signature ?? '', 'base64url');
  expect(crypto.verify(undefined, clientData, publicKey, signature)).toBe(true);
});

test('a file that holds no credential is refused without showing its content', () => {
  for (const [name, text] of [
    ['a', privateKey],
    ['b', '{"credId":"cred"}'],
    ['c', 'credId: cred\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
  ] as const)
    expect(() => readKeyFile(write(name, text))).toThrow(/The key file .*(is not|holds no)/);
  expect(() => readKeyFile(path.join(folder, 'absent'))).toThrow(/can’t be read/);
});

test('a key file that others may read is noticed', () => {
  expect(isOpenToOthers(write('closed', 'x', 0o600))).toBe(false);
  expect(isOpenToOthers(write('open', 'x', 0o644))).toBe(true);
});

test('an organisation is held to the genesis of its first use; another one is refused', () => {
  const file = path.join(folder, 'sub/pins.json');
  const now = new Date('2026-01-01T00:00:00Z');
  const [first, other] = ['aa'.repeat(32), 'bb'.repeat(32)];
  expect(pinGenesis(file, 'or-1', first, now)).toMatchObject({
    isFirstUse: true,
    fingerprint: 'aaaa '.repeat(8).trim(),
  });
  expect(pinGenesis(file, 'or-1', first, now).isFirstUse).toBe(false);
  expect(pinGenesis(file, 'or-2', other, now).isFirstUse).toBe(true);
  expect(() => pinGenesis(file, 'or-1', other, now)).toThrow(/has changed/);
  expect(pinGenesis(file, 'or-1', first, now).isFirstUse).toBe(false);
  fs.writeFileSync(file, '{"or-1":');
  expect(() => pinGenesis(file, 'or-1', other, now)).toThrow(/Repair it/);
});

/** Stand-ins for libfido2's tools, which speak their formats: the line protocol is what is tested here, not a security key. */
const fakeTools = (devices: string): string => {
  const bin = fs.mkdtempSync(path.join(folder, 'bin-'));
  fs.writeFileSync(path.join(bin, 'fido2-token'), `#!/bin/sh\nprintf '${devices}'\n`, { mode: 0o755 });
  fs.writeFileSync(
    path.join(bin, 'fido2-assert'),
    `#!/bin/sh
read hash; read rp; read cred
echo "$* $hash $rp $cred" >> ${bin}/asked
[ "$cred" = AQID ] || exit 1
echo "$hash"; echo "$rp"; echo WCUFmyTmKqH5JWz0DRkMLQkpYgMgMgMgMgMgMgMgMgMgMgMgMgUAAAAB; echo c2ln
`,
    { mode: 0o755 },
  );
  return bin;
};

test('a security key is asked through libfido2 with the hash of client data as a browser makes them', async () => {
  const searchPath = fakeTools('/dev/hidraw3: vendor=0x1050, product=0x0407 (Key)\\n');
  const signer = fido2Signer({ origin: 'https://wallets.test', searchPath });
  const webauthn = [{ id: 'BBBB' }, { id: 'AQID' }];
  const { kind, credentialAssertion } = await signer.sign({
    ...challenge,
    allowCredentials: { key: [], webauthn },
  });
  expect(kind).toBe('Fido2');
  const clientData = Buffer.from(credentialAssertion.clientData ?? '', 'base64url');
  expect(JSON.parse(clientData.toString())).toEqual({
    type: 'webauthn.get',
    challenge: Buffer.from('c').toString('base64url'),
    origin: 'https://wallets.test',
    crossOrigin: false,
  });
  const hash = crypto.createHash('sha256').update(clientData).digest('base64');
  expect(fs.readFileSync(path.join(searchPath, 'asked'), 'utf8').trim().split('\n')).toEqual([
    `-G -v /dev/hidraw3 ${hash} localhost BBBB`,
    `-G -v /dev/hidraw3 ${hash} localhost AQID`,
  ]);
  expect(credentialAssertion).toMatchObject({ credId: 'AQID', signature: Buffer.from('sig').toString('base64url') });
});

test('authenticator data come out of their CBOR string; bare ones stay', () => {
  const bare = Buffer.alloc(37, 7);
  expect(unwrapAuthenticatorData(Buffer.concat([Buffer.from([0x58, 37]), bare]))).toEqual(bare);
  expect(unwrapAuthenticatorData(Buffer.concat([Buffer.from([0x59, 0, 37]), bare]))).toEqual(bare);
  expect(unwrapAuthenticatorData(bare)).toEqual(bare);
});

test('without the tools, without a key, or with two of them, it says what to do', async () => {
  expect(() => fido2Signer({ origin: 'https://w.test', searchPath: folder })).toThrow(/fido2-tools/);
  const none = fido2Signer({ origin: 'https://w.test', searchPath: fakeTools('') });
  await expect(none.sign(challenge)).rejects.toThrow(/No security key/);
  const two = fido2Signer({ origin: 'https://w.test', searchPath: fakeTools('/dev/a: x\\n/dev/b: y\\n') });
  await expect(two.sign(challenge)).rejects.toThrow(/--device/);
});

const BASE = ['--url', 'http://localhost:3000', '--org', 'or-1', '--user', 'ann'];
test('the command line names one credential and one command', () => {
  expect(readArguments([...BASE, '--key', '/k/key.json', 'approve', 'ap-1', '--yes'], '/home/a')).toMatchObject({
    keyFile: '/k/key.json',
    pinFile: '/k/key.json.genesis.json',
    yes: true,
    command: { kind: 'approve', id: 'ap-1' },
  });
  expect(readArguments([...BASE, '--fido2'], '/home/a')).toMatchObject({
    pinFile: '/home/a/.config/countersign/genesis.json',
    origin: 'http://localhost:3000',
    command: { kind: 'list' },
  });
  for (const wrong of [
    BASE,
    [...BASE, '--key', 'k', '--fido2'],
    [...BASE, '--key', 'k', 'reject', 'ap-1'],
    [...BASE, '--key', 'k', 'show'],
    [...BASE, '--key', 'k', 'destroy', 'ap-1'],
    ['--url', 'ftp://x', '--org', 'o', '--user', 'u', '--fido2'],
    [...BASE, '--nonsense'],
  ])
    expect(() => readArguments(wrong, '/home/a')).toThrow();
});

test('what a server says can’t move the cursor, colour or reorder the text', async () => {
  expect(printable('a\u001b[31mb\u202ec\u200b\r\nd')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{200b}\\u{d}\nd');
  const said: string[] = [];
  const terminal = {
    print: (text: string) => said.push(text),
    warn: (text: string) => said.push(text),
    ask: async () => null,
  };
  expect(await approveCommand([...BASE, '--key', '\u001b[2J'], { home: folder }, terminal)).toBe(2);
  expect(said.join('')).toContain('\\u{1b}[2J');
});
