import { expect, test } from 'vitest';
import { callFunctionBody } from './network-calls';

const CONTRACT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const read = { type: 'function', name: 'f', stateMutability: 'view' };
const takes = (parameter: object): boolean =>
  [
    { ...read, inputs: [parameter], outputs: [] },
    { ...read, inputs: [], outputs: [parameter] },
  ].every((abi) => callFunctionBody.safeParse({ contract: CONTRACT, abi }).success);
const tupleOf = (depth: number): object =>
  depth === 0 ? { name: 'x', type: 'uint8' } : { name: 't', type: 'tuple[]', components: [tupleOf(depth - 1)] };

test('types are those of a Solidity ABI, with tuples, arrays and what compilers write beside them', () => {
  for (const type of ['uint256', 'int8', 'bytes32', 'bytes', 'string', 'address', 'bool', 'uint8[][3]', 'address[2][]'])
    expect(takes({ name: '', type, internalType: 'enum Some.Kind' })).toBe(true);
  expect(takes(tupleOf(4))).toBe(true);
  for (const type of ['', 'no type', 'uint8]', 'uint8[x]', 'uint8[1]x']) expect(takes({ name: '', type })).toBe(false);
});

test('a type whose reading would keep the server busy is refused', () => {
  expect(takes({ name: '', type: `uint8${'[1]'.repeat(20)}` })).toBe(false);
  expect(takes(tupleOf(5))).toBe(false);
});
