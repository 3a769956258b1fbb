import fc from 'fast-check';
import type { Hex } from 'viem';
import { concatHex, encodeFunctionData, numberToHex, pad, size, toFunctionSelector } from 'viem/utils';
import { expect, test } from 'vitest';
import { type CallNode, readCallTree } from './call-tree';
import { KNOWN_FUNCTIONS } from './signatures';

const maxUint256 = (1n << 256n) - 1n;
const TOKEN: Hex = '0x00000000000000000000000000000000000000aa';
const SPENDER: Hex = '0x00000000000000000000000000000000000000bb';
const SAFE: Hex = '0x00000000000000000000000000000000000000cc';
const encode = (functionName: string, args: readonly unknown[], inputs = args.length): Hex => {
  const abi = KNOWN_FUNCTIONS.filter((item) => item.name === functionName && item.inputs.length === inputs);
  return encodeFunctionData({ abi, functionName, args });
};
const tree = (data: Hex, to: Hex | null = TOKEN, value = 0n) => readCallTree({ to, value, data });
const outline = (node: CallNode): unknown => [node.called?.name ?? node.selector, ...node.calls.map(outline)];

const approveAll = encode('approve', [SPENDER, maxUint256]);

test('a known function is told by its name and arguments', () => {
  const node = tree(encode('approve', [SPENDER, 12_000_000n]), TOKEN, 7n);
  expect(node).toMatchObject({
    kind: 'call',
    to: '0x00000000000000000000000000000000000000AA',
    value: '7',
    selector: '0x095ea7b3',
  });
  expect(node.called).toEqual({
    name: 'approve',
    arguments: [
      { name: 'spender', type: 'address', value: '0x00000000000000000000000000000000000000bb' },
      { name: 'amountOrTokenId', type: 'uint256', value: '12000000' },
    ],
  });
  expect(node.dangers).toEqual([expect.stringContaining('can take this much')]);
});

test('unlimited approvals, approvals for all and changes of control are called what they are', () => {
  expect(tree(approveAll).dangers).toEqual([expect.stringContaining('Unlimited approval')]);
  expect(tree(encode('permit', [SPENDER, SPENDER, maxUint256, 1n, 27, pad('0x1'), pad('0x1')])).dangers[0]).toContain(
    'Unlimited',
  );
  expect(tree(encode('approve', [TOKEN, SPENDER, (1n << 160n) - 1n, 0])).dangers[0]).toContain('Unlimited');
  expect(tree(encode('approve', [SPENDER, 0n])).dangers).toEqual([]);
  expect(tree(encode('setApprovalForAll', [SPENDER, true])).dangers[0]).toContain('Approval for all');
  expect(tree(encode('setApprovalForAll', [SPENDER, false])).dangers).toEqual([]);
  expect(tree(encode('transferOwnership', [SPENDER])).dangers[0]).toContain('another owner');
});

test('calls in arguments are read in turn: a Safe that delegates to a list that approves all', () => {
  const packed = (operation: number, to: Hex, value: bigint, data: Hex) =>
    concatHex([
      numberToHex(operation, { size: 1 }),
      to,
      numberToHex(value, { size: 32 }),
      numberToHex(size(data), { size: 32 }),
      data,
    ]);
  const list = encode('multiSend', [concatHex([packed(0, TOKEN, 0n, approveAll), packed(1, SPENDER, 5n, '0x')])]);
  const node = tree(encode('execTransaction', [SPENDER, 0n, list, 1, 0n, 0n, 0n, TOKEN, TOKEN, '0x']), SAFE);
  expect(outline(node)).toEqual(['execTransaction', ['multiSend', ['approve'], [null]]]);
  expect(node.calls[0]).toMatchObject({ kind: 'delegatecall', dangers: [expect.stringContaining('Delegated call')] });
  expect(node.calls[0]?.calls[1]).toMatchObject({
    kind: 'delegatecall',
    value: '5',
    to: '0x00000000000000000000000000000000000000bb',
  });
});

test('multicall and the aggregates show each call', () => {
  const self = encode('multicall', [[approveAll, encode('deposit', [])]], 1);
  expect(outline(tree(self))).toEqual(['multicall', ['approve'], ['deposit']]);
  const many = encode('aggregate3Value', [[{ target: TOKEN, allowFailure: false, value: 3n, callData: approveAll }]]);
  expect(tree(many).calls).toMatchObject([{ value: '3', called: { name: 'approve' } }]);
  const batch = encode('executeBatch', [
    [TOKEN, SPENDER],
    [1n, 2n],
    [approveAll, '0x'],
  ]);
  expect(tree(batch).calls).toMatchObject([
    { value: '1' },
    { value: '2', selector: null, isUnknown: false, dangers: [] },
  ]);
});

test('what is not known, not exact or not readable is said', () => {
  expect(tree('0xdeadbeef00')).toMatchObject({
    called: null,
    selector: '0xdeadbeef',
    isUnknown: true,
    dangers: [],
  });
  expect(tree('0xab')).toMatchObject({ selector: null, isUnknown: true, dangers: [] });
  expect(tree(`${approveAll}00`).dangers).toContainEqual(expect.stringContaining('not exactly'));
  expect(tree(encode('multiSend', ['0x0099'])).dangers).toEqual([expect.stringContaining('can’t be read')]);
  expect(tree('0x6000', null)).toMatchObject({
    kind: 'create',
    to: null,
    dangers: [expect.stringContaining('creates a contract')],
  });
});

test('calls nested without end are cut, and said to be', () => {
  let data: Hex = approveAll;
  for (let depth = 0; depth < 12; depth += 1) data = encode('execute', [TOKEN, 0n, data]);
  const deepest = (node: CallNode): CallNode => (node.calls[0] ? deepest(node.calls[0]) : node);
  expect(deepest(tree(data))).toMatchObject({ called: { name: 'execute' }, isCut: true, calls: [] });
  const wide = encode('multicall', [Array.from({ length: 101 }, () => approveAll)], 1);
  expect(tree(wide)).toMatchObject({ isCut: true, calls: [] });
});

test('no bytes make the reader fail', () => {
  const selectors = fc.constantFrom(...KNOWN_FUNCTIONS.map((item) => toFunctionSelector(item)));
  fc.assert(
    fc.property(selectors, fc.uint8Array({ maxLength: 260 }), (selector, bytes) => {
      tree(`${selector}${Buffer.from(bytes).toString('hex')}`);
    }),
    { numRuns: 300 },
  );
});
