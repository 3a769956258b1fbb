import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@/lib/domain/hash';
import { verifyCredentialSignatureInBrowser, verifyEd25519InBrowser } from './noble-verifier';
import { verifyCredentialSignature, verifyEd25519 } from './node-verifier';
import { parsePublicKey } from './pem';

type Vector = {
  tcId: number;
  comment: string;
  flags: string[];
  msg: string;
  sig: string;
  result: 'valid' | 'invalid' | 'acceptable';
};
type Group = { publicKeyPem: string; publicKey?: { pk?: string }; tests: Vector[] };

const DIR = path.join(
  process.env.VECTORS_DIR ?? path.resolve(import.meta.dirname, '../../../shared/vectors'),
  'wycheproof',
);
const read = (file: string): Group[] => JSON.parse(readFileSync(path.join(DIR, file), 'utf8')).testGroups;

const FILES: readonly { file: string; algorithm?: string }[] = [
  { file: 'ecdsa_secp256r1_sha256_test.json' },
  { file: 'ecdsa_secp256k1_sha256_test.json' },
  { file: 'ecdsa_secp384r1_sha384_test.json', algorithm: 'SHA384' },
  { file: 'ecdsa_secp521r1_sha512_test.json', algorithm: 'SHA512' },
  { file: 'ed25519_test.json' },
  { file: 'rsa_signature_2048_sha256_test.json', algorithm: 'RSA-SHA256' },
  { file: 'ecdsa_secp256r1_sha256_p1363_test.json' },
  { file: 'ecdsa_secp256k1_sha256_p1363_test.json' },
];

describe.skipIf(!existsSync(DIR))('Wycheproof (VECTORS_DIR)', () => {
  for (const { file, algorithm } of FILES) {
    test(`OpenSSL and noble both answer as ${file} says`, () => {
      const wrong: string[] = [];
      for (const group of read(file)) {
        for (const vector of group.tests) {
          const input = {
            publicKey: group.publicKeyPem,
            data: hexToBytes(vector.msg),
            signature: hexToBytes(vector.sig),
            algorithm,
          };
          const answers = [verifyCredentialSignature(input), verifyCredentialSignatureInBrowser(input)];
          const isFine =
            vector.result === 'acceptable'
              ? answers[0] === answers[1]
              : answers.every((a) => a === (vector.result === 'valid'));
          if (!isFine) wrong.push(`${vector.tcId} ${vector.result} ${answers} ${vector.flags} ${vector.comment}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  test('the hex form of Ed25519 answers alike in both implementations', () => {
    for (const group of read('ed25519_test.json')) {
      for (const vector of group.tests) {
        const args = [group.publicKey?.pk ?? '', hexToBytes(vector.msg), vector.sig] as const;
        expect([vector.tcId, verifyEd25519(...args)]).toEqual([vector.tcId, vector.result === 'valid']);
        expect(verifyEd25519InBrowser(...args)).toBe(vector.result === 'valid');
      }
    }
  });
});

describe('public keys', () => {
  const pem = (body: string, label = 'PUBLIC KEY') => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;
  const P256 =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBKrsc2NXJvITv4qeZ4KORttTkqwffpFWel97/NJ8jUfJBC3ihXFYwx7SjWoKmRbkdfhbr+tM9ROqQTpVhvkzFg==';

  test('a key of an allowed curve is read', () => {
    expect(parsePublicKey(pem(P256))).toMatchObject({ kind: 'ec', curve: 'P-256' });
    expect(parsePublicKey(`${pem(P256)}\n`)).not.toBeNull();
  });

  test('text around the block, a second block or a private key is refused', () => {
    expect(parsePublicKey(`x${pem(P256)}`)).toBeNull();
    expect(parsePublicKey(`${pem(P256)}\n${pem(P256)}`)).toBeNull();
    expect(parsePublicKey(pem(P256, 'PRIVATE KEY'))).toBeNull();
  });

  test('a curve that is not on the list is refused', () => {
    const p224 = P256.replace('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD', 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQED');
    expect(parsePublicKey(pem(p224))).toBeNull();
  });

  test('an RSA key below 2048 bits is refused', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const make = (modulusLength: number) =>
      generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(parsePublicKey(make(1024))).toBeNull();
    expect(parsePublicKey(make(2048))).toMatchObject({ kind: 'rsa' });
  });

  test('an RSA key in PKCS#1 form becomes the same SPKI', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = parsePublicKey(publicKey.export({ type: 'pkcs1', format: 'pem' }).toString());
    expect(bytesToHex(key?.spki ?? new Uint8Array())).toBe(
      publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    );
  });

  test('a digest that is not on the list is refused', () => {
    expect(
      verifyCredentialSignature({
        publicKey: pem(P256),
        data: utf8ToBytes('x'),
        signature: new Uint8Array(64),
        algorithm: 'md5',
      }),
    ).toBe(false);
  });
});
