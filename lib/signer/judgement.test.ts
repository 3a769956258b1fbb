import { expect, test } from 'vitest';
import type { RequestBundle } from '@/lib/evidence/bundle';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld } from '@/lib/ledger/testing/world';
import { createJudgement, type JudgementDeps } from './judgement';

/** A request that every node would sign, and a node that holds what the test gives it. */
const arrange = (node: Partial<JudgementDeps> = {}) => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  const reservedAt = world.items.length - 1;
  const under = world.checkpoint();
  const { reservation } = world.activity(id);
  const bundle: RequestBundle = {
    v: 1,
    orgId: world.orgId,
    activityId: id,
    head: { seq: under.seq, root: under.root },
    unsigned: reservation?.unsigned ?? '',
    digests: [reservation?.digest ?? ''],
    attempt: 0,
    participants: world.quorum,
  };
  const unused = () => {
    throw new Error('Not asked in this test.');
  };
  const following = { genesis: world.genesis, replica: world.replica, reservedAt: new Map([[id, reservedAt]]) };
  const judgement = createJudgement({
    me: 1,
    ports: TEST_PORTS,
    replay: { find: () => ({ ok: true, value: following }) } as unknown as JudgementDeps['replay'],
    witness: {
      signCheckpoint: unused,
      signAbandon: unused,
      testify: unused,
      hasPromised: () => false,
      freshCheckpoints: () => [{ orgId: world.orgId, ...under }],
    },
    journal: {} as JudgementDeps['journal'],
    shares: { save: unused, get: () => null, count: () => 0 },
    clock: world.now,
    isQuarantined: () => false,
    hasHeard: () => true,
    isFrozen: () => false,
    floor: { recovered: () => null },
    ...node,
  });
  const outcome = judgement.judge(bundle);
  return outcome.ok ? 'ACCEPT' : outcome.refusal.code;
};

test('a node without a share of the key refuses, and says so, however right the request is', () => {
  expect(arrange()).toBe('signer.no_share');
});
test('nor does it sign with a share of another key under the same name', () => {
  const share = { publicKey: new Uint8Array(33).fill(2) };
  const shares = { save: () => undefined, count: () => 1, get: () => share } as unknown as JudgementDeps['shares'];
  expect(arrange({ shares })).toBe('signer.no_share');
});
test('a node out of service refuses before it looks for a share', () => {
  expect(arrange({ isQuarantined: () => true })).toBe('signer.quarantined');
  expect(arrange({ isFrozen: () => true })).toBe('signer.frozen');
  expect(arrange({ hasHeard: () => false })).toBe('signer.unheard');
});

test('what was reserved at or below the entry at which it came back it refuses, whatever time the server wrote there', () => {
  expect(arrange({ floor: { recovered: () => 1_000 } })).toBe('signer.reserved_before_recovery');
  expect(arrange({ floor: { recovered: () => 0 } })).toBe('signer.no_share');
});
