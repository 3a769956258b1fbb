import { expect, test } from 'vitest';
import type { Evidence } from '@/lib/contract/evidence';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { utf8ToBytes } from '@/lib/domain/hash';
import { type Entry, entryHash, NO_PREVIOUS } from '@/lib/ledger/entry';
import { genesisFingerprint } from '@/lib/ledger/genesis';
import { rootAt } from '@/lib/ledger/replay';
import { ALWAYS, asks, BLOCK } from '@/lib/ledger/testing/people';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { MALLORY } from '@/lib/ledger/testing/signing';
import { activityIdOf, createWorld, type World } from '@/lib/ledger/testing/world';
import { checkpointHash } from '../checkpoint';
import { evidenceBytes, peopleHash, readEvidence } from './format';
import { evidenceOf } from './testing/golden';
import { verifyEvidence } from './verify';

const verify = (bytes: Uint8Array, genesis?: string) => verifyEvidence(bytes, TEST_PORTS, { genesis });
const failureOf = (bytes: Uint8Array) => {
  const { failure } = verify(bytes);
  return failure ? `${failure.name}: ${failure.words}` : 'none';
};

const signed = (): { world: World; id: string; bytes: Uint8Array } => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.checkpoint();
  world.release(id);
  world.checkpoint();
  return { world, id, bytes: evidenceOf(world, id) };
};

/** What a server that has all code and all data, but no key, writes: every hash fits again. */
const forged = (bytes: Uint8Array, change: (evidence: Evidence) => Evidence): Uint8Array => {
  const read = readEvidence(bytes);
  if (!read.ok) throw new Error(read.words);
  const changed = change(read.evidence);
  let prev = NO_PREVIOUS;
  const entries = changed.entries.map(({ entry, body }, seq) => {
    const text = canonicalJson({ ...(JSON.parse(entry) as Entry), seq, prev } as unknown as Json);
    prev = entryHash(utf8ToBytes(text));
    return { entry: text, body };
  });
  return evidenceBytes({ ...changed, entries, head: prev });
};
const without = (evidence: Evidence, kind: string): Evidence => ({
  ...evidence,
  entries: evidence.entries.filter(({ entry }) => (JSON.parse(entry) as Entry).kind !== kind),
});

test('what was signed by the rules is proven, and the fingerprint that was given is compared', () => {
  const { world, bytes } = signed();
  const hash = world.replica.state.tables.org.get(world.orgId)?.genesisHash ?? '';
  expect(verify(bytes, genesisFingerprint(hash))).toMatchObject({ ok: true, failure: null });
  expect(verify(bytes, hash.toUpperCase())).toMatchObject({ ok: true });
  expect(verify(bytes).notChecked[0]).toMatch(/no fingerprint was given/);
  expect(verify(bytes, 'abcd').failure).toMatchObject({ name: 'genesis' });
});

test('another recipient in the request leaves no request, whatever is hashed again', () => {
  const { bytes } = signed();
  const swapped = forged(bytes, (evidence) => ({
    ...evidence,
    entries: evidence.entries.map(({ entry, body }) => ({ entry, body: body.replace(/0x0+bb/, MALLORY) })),
  }));
  expect(failureOf(swapped)).toMatch(/^chain: The body beside entry 3 \(userAction\) is not the one/);
});

test('a forged statement makes the request void, and the reason is named', () => {
  const { bytes } = signed();
  const altered = forged(bytes, (evidence) => ({
    ...evidence,
    entries: evidence.entries.map(({ entry, body }, seq) => ({
      entry: seq === 3 ? entry.replace('"feeCeiling":"1', '"feeCeiling":"2') : entry,
      body,
    })),
  }));
  expect(failureOf(altered)).toMatch(/^request: The request \(entry 3\) does not count: user action signature/);
});

test('a signature without a checkpoint before it is not proven', () => {
  const { world, id } = signed();
  const unwitnessed = createWorld();
  const other = activityIdOf(unwitnessed.transfer(unwitnessed.wallet()));
  unwitnessed.reserve(other);
  unwitnessed.release(other);
  expect(failureOf(evidenceOf(unwitnessed, other))).toMatch(/^witnessed: No checkpoint before the signature/);
  expect(failureOf(forged(evidenceOf(world, id), (evidence) => without(evidence, 'checkpoint')))).toMatch(
    /^witnessed: /,
  );
});

test('a signature made although a policy blocked is not proven, and the policy is named', () => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.policy(ALWAYS, BLOCK, 'Wallets:Sign', { name: 'Nothing leaves' });
  world.checkpoint();
  world.release(id);
  expect(failureOf(evidenceOf(world, id))).toMatch(/^witnessed: .*Nothing leaves/);
});

test('a signature made before approvals that a new policy asks for is not proven', () => {
  const world = createWorld();
  const approver = world.approver();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.policy(ALWAYS, asks([approver.userId]));
  world.checkpoint();
  world.release(id);
  expect(failureOf(evidenceOf(world, id))).toMatch(/^witnessed: .*Approvals .* are missing/);
});

test('a checkpoint with fewer than k signatures is none', () => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.checkpoint(world.now(), [1, 2]);
  world.release(id);
  const verdict = verify(evidenceOf(world, id));
  expect(verdict.failure?.name).toBe('witnessed');
  expect(verdict.checks.find(({ name }) => name === 'chain')?.words).toMatch(/did not hold and changed nothing/);
});

test('a signature that does not hold, beside k that do, makes nobody a witness', () => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  const { seq } = world.replica.head ?? { seq: -1 };
  const checkpoint = { orgId: world.orgId, seq, root: rootAt(world.replica, seq) ?? '', at: world.now() };
  const { orgId: _orgId, ...body } = checkpoint;
  const good = world.signatures(checkpointHash(checkpoint), world.quorum);
  const bad = world.signatures(checkpointHash({ ...checkpoint, at: 1 }), [4]);
  world.append('checkpoint', body, { nodeSignatures: [...good, ...bad] });
  world.release(id);
  const { checks, failure } = verify(evidenceOf(world, id));
  expect(failure).toBeNull();
  expect(checks.find(({ name }) => name === 'checkpoint')?.words).toMatch(/nodes 1, 2 and 3 of 4/);
});

test('names that would turn the text around are spelled out', () => {
  const { world, id } = signed();
  const { checks } = verify(evidenceOf(world, id, [{ userId: world.admin.userId, name: 'Ada\u202e\n' }]));
  expect(checks.find(({ name }) => name === 'request')?.words).toContain('of Ada\\u{202e}\\u{a} (us-');
});

test('what the file spells out is compared with the entries, member by member', () => {
  const { bytes } = signed();
  const altered = forged(bytes, (evidence) => ({
    ...evidence,
    told: { ...evidence.told, request: { ...(evidence.told.request as object), says: 'Send nothing' } },
  }));
  expect(failureOf(altered)).toMatch(/^told: The file says “request.says” is "Send nothing"; the entries say "Send 0/);
  const more = forged(bytes, (evidence) => ({ ...evidence, told: { ...evidence.told, verified: 'true' } }));
  expect(failureOf(more)).toMatch(/^told: The file says “verified” is "true"; the entries say nothing/);
});

test('a member that the format does not know is refused', () => {
  const { bytes } = signed();
  const text = new TextDecoder().decode(bytes).replace('"orgId":', '"note":"all is well","orgId":');
  expect(failureOf(utf8ToBytes(text))).toMatch(/^file: .*note/);
});

test('names may be altered by the server: the verdict says that they are its word', () => {
  const { world, id } = signed();
  const people = [{ userId: world.admin.userId, name: 'Ada' }];
  const bytes = forged(evidenceOf(world, id, people), (evidence) => {
    const others = [{ userId: world.admin.userId, name: 'Eve' }];
    return { ...evidence, stated: { people: others, hash: peopleHash(id, others) } };
  });
  const verdict = verify(bytes);
  expect(verdict.ok).toBe(true);
  expect(verdict.notChecked.join()).toMatch(/Names of people: the server states them/);
});

test('a receipt of another transaction is found', () => {
  const { world, id } = signed();
  world.append('broadcast', { activityId: id, status: 'Broadcasted', txHash: `0x${'5c'.repeat(32)}` });
  expect(failureOf(evidenceOf(world, id))).toMatch(/^transaction: .*but the server’s receipt is of 0x5c5c/);
});

test('nothing at all, text, and other JSON are refused in words', () => {
  for (const text of ['', '{}', '[]', 'null', '"x"', '{"format":"countersign/evidence/2"}', '\u0000'])
    expect(verify(utf8ToBytes(text)).failure).toMatchObject({ name: 'file', ok: false });
  expect(verify(Uint8Array.of(0xff, 0xfe)).failure?.words).toMatch(/not UTF-8/);
});

test('a file cut before the signature says up to which entry nothing is signed, and not that nothing was', () => {
  const { world, id } = signed();
  const release = world.items.findIndex(({ bytes }) => new TextDecoder().decode(bytes).includes('"kind":"release"'));
  // It ends with the checkpoint over the reservation.
  const { ok, words } = verify(evidenceOf(world, id, [], release - 2));
  expect(ok).toBe(true);
  expect(words).toContain(`: up to entry ${release - 1}, the last one here, ${id} of `);
  expect(words).toMatch(/is Reserved and no signature for it stands\.$/);
});

test('the text that approvers signed over lies in the file, and an altered one is named', () => {
  const world = createWorld();
  const ann = world.approver();
  world.policy(ALWAYS, asks([ann.userId]));
  const id = activityIdOf(world.transfer(world.wallet()));
  world.vote(ann, world.activity(id).approvalId ?? '');
  const bytes = evidenceOf(world, id);
  const read = readEvidence(bytes);
  if (!read.ok) throw new Error(read.words);
  const { rendering } = read.evidence.told.request as {
    rendering: { digest: string; lines: readonly (readonly string[])[] };
  };
  expect(rendering.digest).toBe(world.activity(id).rendering);
  expect(rendering.lines[0]).toEqual(['operation', 'wallets.transferAsset']);
  expect(verify(bytes).checks.find(({ name }) => name === 'rendering')?.words).toContain(rendering.digest.slice(0, 12));
  const told = (change: object | undefined) =>
    forged(bytes, (evidence) => {
      const { rendering: _own, ...request } = evidence.told.request as { rendering: object };
      return { ...evidence, told: { ...evidence.told, request: change ? { ...request, rendering: change } : request } };
    });
  const lines = [['operation', 'x.freeze'], ...rendering.lines.slice(1)];
  expect(failureOf(told({ ...rendering, lines }))).toMatch(
    /^told: The file says “request.rendering.lines.0.1” is "x.fre/,
  );
  // A file from before it was put in is no lie; it proves less.
  expect(verify(told(undefined)).checks.map(({ name }) => name)).not.toContain('rendering');
  expect(failureOf(told(undefined))).toBe('none');
});
