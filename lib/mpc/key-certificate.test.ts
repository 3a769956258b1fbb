import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { keyCertificate } from './dkls23/dkg';
import { confirmedHash, type KeyCertificate, verifyKeyCertificate } from './key-certificate';
import { fromHex, toHex } from './primitives';
import { generateKey, identityOf, verifyIdentity } from './simulation';

const [share] = generateKey(2, [1, 2, 3], 'certificate').values();
if (share === undefined) throw new Error('No share.');
const certificate = keyCertificate(share);
const other = [...generateKey(2, [1, 2, 3], 'other certificate').values()].map(keyCertificate)[0] ?? certificate;

const isValid = (change: Partial<KeyCertificate>): boolean =>
  verifyKeyCertificate({ ...certificate, ...change }, verifyIdentity);

/** A certificate whose confirmations all parties really gave, whatever its fields say. */
const confirmed = (change: Partial<KeyCertificate>): KeyCertificate => {
  const changed = { ...certificate, ...change };
  const hash = confirmedHash({
    ...changed,
    publicKey: fromHex(changed.publicKey),
    publicShares: changed.parties.map((party) => fromHex(changed.publicShares[party] ?? '')),
    chainCode: fromHex(changed.chainCode),
    dig1: fromHex(changed.dig1),
    dig2: fromHex(changed.dig2),
  });
  const confirmations = Object.fromEntries(
    changed.parties.map((party) => [String(party), toHex(identityOf(party).sign(hash))]),
  );
  return { ...changed, transcriptHash: toHex(hash), confirmations };
};

describe('a key certificate', () => {
  test('as the ceremony made it, and after a trip through JSON, is valid', () => {
    expect(isValid({})).toBe(true);
    expect(verifyKeyCertificate(JSON.parse(JSON.stringify(certificate)), verifyIdentity)).toBe(true);
    expect(verifyKeyCertificate(confirmed({}), verifyIdentity)).toBe(true);
  });

  test.each<[string, Partial<KeyCertificate>]>([
    ['key id', { keyId: 'key-x' }],
    ['epoch', { epoch: 1 }],
    ['threshold', { threshold: 3 }],
    ['public key', { publicKey: other.publicKey }],
    ['public shares', { publicShares: other.publicShares }],
    ['chain code', { chainCode: other.chainCode }],
    ['dig1', { dig1: other.dig1 }],
    ['dig2', { dig2: other.dig2 }],
    ['transcript hash', { transcriptHash: other.transcriptHash }],
    ['set of confirmations', { confirmations: other.confirmations }],
  ])('with another %s is invalid', (_, change) => {
    expect(isValid(change)).toBe(false);
  });

  test('with one confirmation missing, doubled or of a stranger is invalid', () => {
    const { '1': first = '', '2': second = '', '3': third = '' } = certificate.confirmations;
    expect(isValid({ confirmations: { '1': first, '2': second } })).toBe(false);
    expect(isValid({ confirmations: { '1': first, '2': second, '3': second } })).toBe(false);
    expect(isValid({ confirmations: { '1': first, '2': second, '4': third } })).toBe(false);
    expect(isValid({ confirmations: { ...certificate.confirmations, '4': third } })).toBe(false);
  });

  test.each<[string, Partial<KeyCertificate>]>([
    ['public key does not fit its shares', { publicKey: other.publicKey }],
    [
      'share of a quorum party is foreign',
      { publicShares: { ...certificate.publicShares, '1': other.publicShares['1'] ?? '' } },
    ],
    [
      'share outside the first quorum is foreign',
      { publicShares: { ...certificate.publicShares, '3': other.publicShares['3'] ?? '' } },
    ],
    ['threshold is below the degree', { threshold: 3 }],
    ['threshold is 1', { threshold: 1 }],
  ])('whose %s is invalid although all parties confirmed it', (_, change) => {
    // Threshold 3 is another polynomial through the same points, so that one is told apart by its confirmations only.
    const isExpected = _ === 'threshold is below the degree';
    expect(verifyKeyCertificate(confirmed(change), verifyIdentity)).toBe(isExpected);
  });

  test.each<[string, unknown]>([
    ['another backend', { ...certificate, backend: 'other' }],
    ['another specification', { ...certificate, specVersion: 'dkls23-ts/2' }],
    ['another curve', { ...certificate, curve: 'p256' }],
    ['a numeric key id', { ...certificate, keyId: 7 }],
    ['a fractional epoch', { ...certificate, epoch: 0.5 }],
    ['a negative epoch', { ...certificate, epoch: -1 }],
    ['unsorted parties', { ...certificate, parties: [2, 1, 3] }],
    ['upper-case hex', { ...certificate, publicKey: certificate.publicKey.toUpperCase() }],
    ['a short chain code', { ...certificate, chainCode: certificate.chainCode.slice(2) }],
    ['no fields', {}],
    ['nothing', null],
  ])('with %s is invalid and nothing throws', (_, value) => {
    expect(verifyKeyCertificate(value as KeyCertificate, verifyIdentity)).toBe(false);
  });

  /** The key itself as everybody's share: a polynomial of degree 0, which any single party could open. */
  const constant = Object.fromEntries(certificate.parties.map((party) => [String(party), certificate.publicKey]));
  const uncompressed = (hex: string): string => secp256k1.Point.fromHex(hex).toHex(false);
  const { '1': firstShare = '', '3': thirdShare = '' } = certificate.publicShares;

  test.each<[string, { [Field in keyof KeyCertificate]?: unknown }]>([
    ['a key id that is no text', { keyId: 7 }],
    // The hash holds 32 bits of the epoch: these are confirmed as another epoch.
    ['an epoch below 0', { epoch: -1 }],
    ['an epoch of 2^32', { epoch: 2 ** 32 }],
    ['a fractional epoch', { epoch: 0.5 }],
    ['a fractional threshold', { threshold: 2.5 }],
    ['a threshold that is text', { threshold: '3' }],
    ['a threshold of 1 over a key everybody holds whole', { threshold: 1, publicShares: constant }],
    ['a threshold above the number of parties', { threshold: 4 }],
    ['unsorted parties', { parties: [2, 1, 3] }],
    ['a share of a stranger beside the others', { publicShares: { ...certificate.publicShares, '4': thirdShare } }],
    [
      'a share that is only inherited',
      {
        publicShares: Object.assign(Object.create({ '3': thirdShare }), {
          '1': firstShare,
          '2': certificate.publicShares['2'],
          '4': thirdShare,
        }),
      },
    ],
    ['a public key of 65 bytes', { publicKey: uncompressed(certificate.publicKey) }],
    ['a public share of 65 bytes', { publicShares: { ...certificate.publicShares, '1': uncompressed(firstShare) } }],
    ['a chain code of 31 bytes', { chainCode: certificate.chainCode.slice(2) }],
    ['a first digest of 33 bytes', { dig1: `${certificate.dig1}00` }],
    ['a second digest of no bytes', { dig2: '' }],
  ])('with %s is invalid although all parties confirmed it', (_, change) => {
    expect(verifyKeyCertificate(confirmed(change as Partial<KeyCertificate>), verifyIdentity)).toBe(false);
  });

  test('without the text of a confirmation is invalid, whatever the verifier says to nothing', () => {
    const confirmations = { ...certificate.confirmations, '2': undefined } as unknown as Record<string, string>;
    expect(verifyKeyCertificate({ ...certificate, confirmations }, () => true)).toBe(false);
  });

  test('is invalid when a signature check throws', () => {
    const failing = () => {
      throw new Error('no such key');
    };
    expect(verifyKeyCertificate(certificate, failing)).toBe(false);
  });

  test('tells no secret', () => {
    expect(JSON.stringify(certificate)).not.toContain(share.secretShare.toString(16));
  });
});
