import { expect, test } from 'vitest';
import { verifyCredentialSignatureInBrowser, verifyEd25519InBrowser } from '@/lib/authentication/noble-verifier';
import { verifyEcdsa } from '@/lib/evidence/verify-ecdsa';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { readEvidence } from './format';
import { GOLDEN } from './testing/golden';
import { verifyEvidence } from './verify';

const BROWSER_PORTS: LedgerPorts = {
  ...TEST_PORTS,
  verifyCredential: verifyCredentialSignatureInBrowser,
  verifyEd25519: verifyEd25519InBrowser,
  verifyEcdsa,
};

const toText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test.each(Object.entries(GOLDEN))(
  '%s is the same bytes in every run, and what it proves has not changed',
  async (name, make) => {
    const bytes = make();
    await expect(toText(bytes)).toMatchFileSnapshot(`./golden/${name}.json`);
    const verdict = verifyEvidence(bytes, TEST_PORTS);
    const lines = [
      verdict.words,
      ...verdict.checks.map((check) => `${check.ok ? 'ok' : 'NO'} ${check.name}: ${check.words}`),
      ...verdict.notChecked.map((words) => `not checked: ${words}`),
    ];
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`./golden/${name}.txt`);
    expect(verdict.ok).toBe(true);
  },
);

test.each(Object.keys(GOLDEN))('a browser comes to the same verdict on %s as Node', (name) => {
  const bytes = GOLDEN[name]?.() ?? new Uint8Array();
  expect(verifyEvidence(bytes, BROWSER_PORTS)).toEqual(verifyEvidence(bytes, TEST_PORTS));
});

/** Every value of the file with the place of its first byte, as the canonical form writes it. */
const placesOf = (value: unknown, at = 0, path = ''): { places: { path: string; at: number }[]; length: number } => {
  if (typeof value !== 'object' || value === null) {
    const length = Buffer.byteLength(JSON.stringify(value));
    const inside = typeof value === 'string' && value.length > 0 ? at + 1 : at;
    return { places: [{ path, at: inside }], length };
  }
  const names = Array.isArray(value) ? value.map((_, index) => String(index)) : Object.keys(value).sort();
  let length = 1;
  const places: { path: string; at: number }[] = [];
  for (const name of names) {
    if (length > 1) length += 1;
    if (!Array.isArray(value)) length += Buffer.byteLength(JSON.stringify(name)) + 1;
    const member = (value as { readonly [key: string]: unknown })[name];
    const inner = placesOf(member, at + length, path === '' ? name : `${path}.${name}`);
    places.push(...inner.places);
    length += inner.length;
  }
  return { places, length: length + 1 };
};

const flipped = (bytes: Uint8Array, at: number, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ bit;
  return copy;
};

/** What a failure at this place must name: the entry, the member, or the byte of the file. */
const named = (path: string): RegExp => {
  const [top, index, what] = path.split('.');
  const file = /byte \d+|not JSON|format is|not evidence of this format|not well formed/;
  const own =
    top === 'entries'
      ? what === 'body'
        ? `beside entry ${index} `
        : `Entry ${index} |beside entry ${index} |not the genesis`
      : top === 'told'
        ? path.slice('told.'.length).replaceAll('.', '\\.')
        : top === 'stated'
          ? 'stated\\.'
          : top === 'head'
            ? 'head of the file'
            : top === 'orgId'
              ? 'genesis'
              : 'asks for|stated\\.people';
  return new RegExp(`${own}|${file.source}`);
};

test.each(['fresh-signature', 'denied-transfer'])('one flipped byte in any value of %s is found and named', (name) => {
  const bytes = GOLDEN[name]?.() ?? new Uint8Array();
  const read = readEvidence(bytes);
  if (!read.ok) throw new Error(read.words);
  const { places, length } = placesOf(read.evidence);
  expect(length).toBe(bytes.length);
  for (const { path, at } of places) {
    const verdict = verifyEvidence(flipped(bytes, at, 1), TEST_PORTS);
    expect([path, verdict.ok]).toEqual([path, false]);
    expect(verdict.failure?.words, path).toMatch(named(path));
  }
});

test('one flipped bit anywhere is found: a sample of every part of a long evidence', () => {
  const bytes = GOLDEN['confirmed-transfer']?.() ?? new Uint8Array();
  for (let at = 0; at < bytes.length; at += 97) {
    const bit = 1 << (at % 8);
    const verdict = verifyEvidence(flipped(bytes, at, bit), TEST_PORTS);
    expect([at, verdict.ok]).toEqual([at, false]);
    expect(verdict.failure?.words).not.toMatch(/could not be judged/);
  }
});

test('a file cut anywhere, or with anything behind it, is no evidence', () => {
  const bytes = GOLDEN['fresh-signature']?.() ?? new Uint8Array();
  for (let end = 0; end < bytes.length; end += 499)
    expect(verifyEvidence(bytes.slice(0, end), TEST_PORTS).failure?.name).toBe('file');
  expect(verifyEvidence(Buffer.concat([bytes, Buffer.from('\n')]), TEST_PORTS).failure?.name).toBe('file');
});
