import { expect, test } from 'vitest';
import {
  heartbeatHash,
  heartbeatRoot,
  inOrder,
  type OrgHead,
  type SignedHeartbeat,
  signedHeadOf,
  verifySignedHead,
} from './heartbeat';
import { testNode } from './testing/nodes';
import { TEST_PORTS } from './testing/ports';

const node = testNode(2, 'heartbeat');
const key = node.certificate.signingKey;
const heads = inOrder(
  ['or-c', 'or-a', 'or-b', 'or-e', 'or-d'].map(
    (orgId, i): OrgHead => ({ orgId, seq: 10 + i, root: `${i}`.repeat(64) }),
  ),
);
const beat = (over: readonly OrgHead[] = heads, at = 1_700_000_000_000): SignedHeartbeat => {
  const root = heartbeatRoot(over) ?? '';
  return { node: 2, at, root, heads: over, signature: node.sign(heartbeatHash({ at, root })) };
};
const holds = (signed: ReturnType<typeof signedHeadOf>): boolean =>
  signed !== null && verifySignedHead(signed, key, TEST_PORTS.verifyEd25519);

test('one heartbeat shows the signed head of every organisation under it', () => {
  for (let size = 1; size <= heads.length; size += 1)
    for (const head of heads.slice(0, size)) {
      const signed = signedHeadOf(beat(heads.slice(0, size)), head.orgId);
      expect(signed?.head).toEqual(head);
      expect(holds(signed)).toBe(true);
    }
});

test('a head of an organisation that is not under it can not be shown', () => {
  expect(signedHeadOf(beat(), 'or-x')).toBeNull();
});

test('another head, time, place, key or signature than the signed one does not hold', () => {
  const signed = signedHeadOf(beat(), 'or-c');
  if (!signed) throw new Error('It is under it.');
  expect(holds({ ...signed, head: { ...signed.head, seq: 99 } })).toBe(false);
  expect(holds({ ...signed, head: { ...signed.head, root: 'f'.repeat(64) } })).toBe(false);
  expect(holds({ ...signed, head: { ...signed.head, orgId: 'or-d' } })).toBe(false);
  expect(holds({ ...signed, at: signed.at + 1 })).toBe(false);
  expect(holds({ ...signed, index: signed.index + 1 })).toBe(false);
  expect(holds({ ...signed, signature: beat(heads, 1).signature })).toBe(false);
  expect(verifySignedHead(signed, testNode(3, 'heartbeat').certificate.signingKey, TEST_PORTS.verifyEd25519)).toBe(
    false,
  );
});

test('heads out of order, or one organisation twice, have no root', () => {
  expect(heartbeatRoot([...heads].reverse())).toBeNull();
  expect(heartbeatRoot([...heads.slice(0, 1), ...heads.slice(0, 1)])).toBeNull();
});
