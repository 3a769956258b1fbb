import { expect, test } from 'vitest';
import { bytesToHex } from '@/lib/domain/hash';
import { abandonHash, type Checkpoint, checkpointHash } from './checkpoint';

const checkpoint: Checkpoint = { orgId: 'or-1', seq: 7, root: 'aa', at: 1_700_000_000_000 };
const hash = (change: Partial<Checkpoint> = {}): string => bytesToHex(checkpointHash({ ...checkpoint, ...change }));

test.each<[string, Partial<Checkpoint>]>([
  ['organisation', { orgId: 'or-2' }],
  ['entry', { seq: 8 }],
  ['root', { root: 'ab' }],
  ['time', { at: 1_700_000_000_001 }],
])('a signature over a checkpoint is none over one of another %s', (_, change) => {
  expect(hash(change)).not.toBe(hash());
});

test('a promise to abandon is for one activity of one organisation', () => {
  const promise = bytesToHex(abandonHash('or-1', 'ac-1'));
  expect(bytesToHex(abandonHash('or-2', 'ac-1'))).not.toBe(promise);
  expect(bytesToHex(abandonHash('or-1', 'ac-2'))).not.toBe(promise);
  // What one field ends with never moves into the next.
  expect(bytesToHex(abandonHash('or-1a', 'c-1'))).not.toBe(promise);
});

test('what nodes sign keeps its bytes: a change here makes every signature in every ledger void', () => {
  expect(hash()).toMatchInlineSnapshot(`"7a68dd20d6338f7ea5c62422d22625070007582c66d57b4aac06f63695733a06"`);
  expect(bytesToHex(abandonHash('or-1', 'ac-1'))).toMatchInlineSnapshot(
    `"e6eb6ccda386d0cb48d53ef2a0d774a58e62be77fe95946ba0e17f7e46b172cc"`,
  );
});
