import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { entryBytes, entryHash, NO_PREVIOUS } from '@/lib/ledger/entry';
import { certificateProofHash } from '@/lib/ledger/nodes';
import { verifyChain } from '@/lib/ledger/verify-chain';
import { readLocalFreeze } from '@/lib/signer/local-freeze';
import { openStore } from '@/lib/signer/store';
import { verifyEd25519 } from '@/lib/transport/keys';
import { signerCommand } from './signer-command';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-command-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

let dataDir = '';
let directory = '';
beforeEach(() => {
  dataDir = path.join(root, randomBytes(6).toString('hex'));
  directory = path.join(dataDir, 'signer-2');
  openStore(directory).close();
});

const run = async (
  words: readonly string[],
  variables: Readonly<Record<string, string>> = { SIGNER: '2', DATA_DIR: dataDir },
) => {
  const said: string[] = [];
  const warned: string[] = [];
  const code = await signerCommand(words, variables, {
    print: (text) => said.push(text),
    warn: (text) => warned.push(text),
  });
  return { code, said, warned: warned.join('\n') };
};

describe('the freeze of a node on its own machine', () => {
  test('is set and lifted for one organisation or for all, also while the node holds its store', async () => {
    const running = openStore(directory);
    expect((await run(['freeze', '--org', 'or-1'])).code).toBe(0);
    expect(readLocalFreeze(directory)).toEqual({ all: false, orgIds: ['or-1'] });
    expect((await run(['freeze', '--all'])).code).toBe(0);
    expect(await run(['unfreeze', '--org', 'or-1'])).toMatchObject({ code: 1 });
    expect(readLocalFreeze(directory)).toEqual({ all: true, orgIds: ['or-1'] });
    expect((await run(['unfreeze', '--all'])).code).toBe(0);
    expect(readLocalFreeze(directory)).toEqual({ all: false, orgIds: [] });
    running.close();
  });
  test('holds for everything when its file can’t be read', () => {
    fs.writeFileSync(path.join(directory, 'freeze.json'), '{"all":fal');
    expect(readLocalFreeze(directory).all).toBe(true);
  });
  test('is not guessed: without a subject, a node or its directory nothing changes', async () => {
    for (const words of [
      ['freeze'],
      ['freeze', '--all', '--org', 'or-1'],
      ['thaw', '--all'],
      ['freeze', '--everything'],
    ])
      expect(await run(words)).toMatchObject({ code: 2, said: [] });
    expect((await run(['freeze', '--all'], { DATA_DIR: dataDir })).warned).toContain('SIGNER is not set');
    expect((await run(['freeze', '--all'], { DATA_DIR: dataDir, SIGNER: '3' })).warned).toContain('no store of a node');
    expect(readLocalFreeze(directory)).toEqual({ all: false, orgIds: [] });
  });
});

describe('an exported ledger', () => {
  const bodies = ['{"a":1}', '', '{"b":2}'];
  const fill = () => {
    const store = openStore(directory);
    let prev = NO_PREVIOUS;
    for (const [seq, body] of bodies.entries()) {
      const bodyHash = createHash('sha256').update(body).digest('hex');
      const bytes = entryBytes({ v: 1, at: seq, kind: 'broadcast', bodyHash, effects: {}, seq, prev });
      store.run('INSERT INTO entry (org, seq, bytes, body) VALUES (?, ?, ?, ?)', 'or-1', seq, bytes, Buffer.from(body));
      prev = entryHash(bytes);
    }
    store.close();
    return prev;
  };
  test('holds every leaf and body byte for byte, and its chain verifies from the file alone', async () => {
    const head = fill();
    const out = path.join(dataDir, 'ledger.ndjson');
    expect((await run(['export-ledger', '--org', 'or-1', '--out', out])).code).toBe(0);
    const text = fs.readFileSync(out, 'utf8');
    const lines = text.trimEnd().split('\n');
    expect((await run(['export-ledger', '--org', 'or-1'])).said).toEqual(lines);
    const [first, ...rest] = lines.map((line) => JSON.parse(line));
    expect(first).toEqual({ format: 'countersign-ledger/1', orgId: 'or-1' });
    expect(rest.pop()).toEqual({ entries: 3, head });
    expect(verifyChain(rest.map(({ leaf }) => Buffer.from(leaf)))).toMatchObject({
      kind: 'whole',
      size: 3,
      hash: head,
    });
    expect(rest.map(({ body }) => Buffer.from(body, 'base64url').toString())).toEqual(bodies);
  });
  test('needs the node stopped and a ledger that it holds', async () => {
    fill();
    expect(await run(['export-ledger', '--org', 'or-2'])).toMatchObject({ code: 1, said: [] });
    const running = openStore(directory);
    expect((await run(['export-ledger', '--org', 'or-1'])).warned).toContain('Stop it');
    running.close();
  });
});

describe('an enrolment', () => {
  test('prints the certificate with a proof that holds, the same each time; a renewed one beside it', async () => {
    const fresh = { SIGNER: '3', DATA_DIR: dataDir };
    const first = await run(['enrol', '--region', 'eu'], fresh);
    expect(first.code).toBe(0);
    const { certificate, proof } = JSON.parse(first.said[0] ?? '');
    expect(certificate).toMatchObject({ node: 3, region: 'eu' });
    expect(verifyEd25519(certificate.signingKey, certificateProofHash(certificate), proof)).toBe(true);
    expect(first.warned).toContain(nodeFingerprint(certificate.signingKey));
    expect((await run(['enrol'], fresh)).said).toEqual(first.said);
    const renewed = await run(['enrol', '--renew'], fresh);
    expect(JSON.parse(renewed.said[0] ?? '').certificate.signingKey).not.toBe(certificate.signingKey);
    expect((await run(['enrol'], fresh)).said).toEqual(first.said);
  });
});

describe('what a stopped node is told', () => {
  test('readmission and a cleared stop change nothing where there is neither quarantine nor stop', async () => {
    expect(await run(['readmit'])).toMatchObject({ code: 1 });
    expect((await run(['clear-stop', '--org', 'or-1'])).warned).toContain('has not stopped');
    expect((await run(['clear-stop'])).code).toBe(2);
    const file = path.join(dataDir, 'other.ndjson');
    fs.writeFileSync(file, '{"format":"countersign-ledger/1","orgId":"or-1"}\n');
    expect((await run(['clear-stop', '--org', 'or-1', '--branch', file])).warned).toContain('no complete export');
  });
});
