import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyCredentialSignatureInBrowser, verifyEd25519InBrowser } from '@/lib/authentication/noble-verifier';
import { statementChallenge } from '@/lib/authentication/statement';
import { softwarePasskey } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { fromBase64Url, toBase64Url } from '@/lib/domain/hash';
import type { Entry } from '@/lib/ledger/entry';
import { type AuditCheck, checkAuditEntry, type Witnessing } from '@/lib/verifying/check-audit-entry';
import type { AuditEntryDetail } from '@/lib/verifying/shapes';
import { chain, get, NODES, send, useKnownNodes, witness } from './testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

/** What the console verifies of what this API answers. */
const PORTS = { verifyCredential: verifyCredentialSignatureInBrowser, verifyEd25519: verifyEd25519InBrowser };

let platform: TestPlatform;
let admin: TestPerson;
let genesis = '';
let detail: AuditEntryDetail;
let witnessing: Witnessing;

const entryAt = async (seq: number): Promise<AuditEntryDetail> =>
  (await get(platform, admin, `/x/audit/entries/${seq}`)).body;

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  for (const name of ['One', 'Two', 'Three'])
    await send(platform, admin, 'POST', '/permissions', { name, operations: ['Wallets:Read'] });
  await chain(platform);
  await witness(platform, admin.orgId);
  genesis = (await get(platform, admin, '/x/organisation')).body.genesis;
  const asked = (await get(platform, admin, '/x/audit/entries?topic=people')).body.items;
  const seq = asked.find((item: { summary: string }) => item.summary.includes('Two')).seq;
  const [checkpoint] = (await get(platform, admin, '/x/ledger/checkpoints?limit=1')).body.items;
  const proof = (await get(platform, admin, `/x/ledger/entries/${seq}/proof?at=${checkpoint.seq}`)).body;
  detail = await entryAt(seq);
  witnessing = { genesis: await entryAt(0), checkpoint, proof };
});
afterAll(() => platform.close());

const check = (changed: Partial<AuditEntryDetail> = {}, other: Partial<Witnessing> = {}, known = genesis) =>
  checkAuditEntry({ ...detail, ...changed }, { ...witnessing, ...other }, { genesis: known }, PORTS);
const failures = (checks: readonly AuditCheck[]): string =>
  checks
    .filter(({ state }) => state === 'failed')
    .map(({ words }) => words)
    .join(' | ');

test('an honest entry holds in every part, and each part is said in words', () => {
  const checks = check();
  expect(checks.map(({ state }) => state)).toEqual(Array(7).fill('held'));
  const words = checks.map((one) => one.words).join('\n');
  expect(words).toContain('signed exactly this request');
  expect(words).toContain(`It stands at place ${detail.seq} in the tree`);
  expect(words).toContain('Signers 1, 2, 3 signed that root; 3 of 4 are needed.');
});

test('the genesis itself holds', () => {
  const { proof } = witnessing;
  const own = checkAuditEntry(witnessing.genesis, { ...witnessing, proof: null }, { genesis }, PORTS);
  expect(failures(own)).toBe('');
  expect(proof).not.toBeNull();
});

test('changed bytes, another body and words that are not in the bytes are found', () => {
  expect(failures(check({ entry: detail.entry.replace('Wallets', 'wallets').replace('"at":1', '"at":2') }))).toContain(
    'another entry than',
  );
  const body = new TextDecoder().decode(fromBase64Url(detail.body) ?? undefined).replace('Two', 'Ten');
  expect(failures(check({ body: toBase64Url(new TextEncoder().encode(body)) }))).toContain(
    'not the one this entry names',
  );
  expect(failures(check({ summary: 'Nothing happened' }))).toContain('The server’s list says');
  expect(failures(check({ entry: '{' }))).toContain('can’t be read');
});

test('a signature under another key is found', () => {
  const other = NODES[0]?.certificate.signingKey ?? '';
  const credential = detail.credential && { ...detail.credential, publicKey: other };
  expect(failures(check({ credential }))).toContain('does not hold');
  expect(check({ credential: null }).some(({ state }) => state === 'open')).toBe(true);
});

test('a passkey used where the genesis does not say is neither called genuine nor false, and one used elsewhere is false', () => {
  const { rpId } = platform.services.settings;
  const entry: Entry = JSON.parse(detail.entry);
  if (!entry.statement || !detail.credential) throw new Error('The entry is signed.');
  const challenge = statementChallenge(entry.statement);
  const signedAt = (origin: string) => {
    const passkey = softwarePasskey({ rpId, origin });
    const assertion = passkey.assert(challenge);
    const credential = detail.credential && {
      ...detail.credential,
      kind: 'Fido2' as const,
      publicKey: passkey.publicKey,
    };
    return check({ entry: JSON.stringify({ ...entry, assertion }), credential });
  };
  const later = signedAt(`https://later.${rpId}`);
  expect(later.some(({ state, words }) => state === 'open' && words.includes(`https://later.${rpId}`))).toBe(true);
  expect(failures(later)).not.toContain('signature of the credential');
  expect(failures(signedAt('https://elsewhere.test'))).toContain('The signature of the credential');
});

test('a proof of another entry, a checkpoint with another root, time or too few signatures, and a foreign genesis are found', () => {
  const { proof, checkpoint } = witnessing;
  if (!proof || !checkpoint) throw new Error('The entry is witnessed.');
  expect(failures(check({}, { proof: { ...proof, path: proof.path.slice(1) } }))).toContain('does not lead');
  expect(failures(check({}, { checkpoint: { ...checkpoint, root: 'ab'.repeat(32) } }))).toContain('Only 0 signatures');
  expect(failures(check({}, { checkpoint: { ...checkpoint, at: new Date(0).toISOString() } }))).toContain('Only 0');
  const [first] = checkpoint.nodeSignatures;
  const thrice = first ? [first, first, first] : [];
  expect(failures(check({}, { checkpoint: { ...checkpoint, nodeSignatures: thrice } }))).toContain('Only 1');
  expect(failures(check({}, {}, 'cd'.repeat(32)))).toContain('not the genesis this browser knows');
});

test('an entry that no checkpoint covers is said to wait, not to fail', () => {
  const checks = check({}, { checkpoint: null, proof: null });
  expect(failures(checks)).toBe('');
  expect(checks.at(-1)).toMatchObject({ state: 'open' });
});
