import { decodeFunctionData, encodeAbiParameters, type Hex } from 'viem';
import { expect, test } from 'vitest';
import { decodeRead, encodeRead, type ReadFunction } from './read-function';

const balanceOf: ReadFunction = {
  type: 'function',
  name: 'balanceOf',
  stateMutability: 'view',
  inputs: [{ name: 'owner', type: 'address' }],
  outputs: [{ name: '', type: 'uint256' }],
};
const reserves: ReadFunction = {
  ...balanceOf,
  name: 'getReserves',
  inputs: [],
  outputs: [
    { name: 'reserve0', type: 'uint112' },
    { name: 'when', type: 'uint32' },
  ],
};
const OWNER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const dataOf = (outcome: ReturnType<typeof encodeRead>): Hex => {
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value as Hex;
};

test('arguments go in order or by the names of the inputs', () => {
  const byPlace = dataOf(encodeRead(balanceOf, [OWNER]));
  expect(dataOf(encodeRead(balanceOf, { owner: OWNER }))).toBe(byPlace);
  expect(decodeFunctionData({ abi: [balanceOf as never], data: byPlace })).toMatchObject({ args: [OWNER] });
});

test('arguments that don’t fit are refused with what is wrong', () => {
  for (const args of [[], ['0x12'], { other: OWNER }, [OWNER, 1]])
    expect(encodeRead(balanceOf, args)).toMatchObject({ ok: false, refusal: { status: 400, code: 'chain.arguments' } });
  const unreadable = { ...balanceOf, inputs: [{ name: 'x', type: 'no type' }] };
  expect(encodeRead(unreadable, [1])).toMatchObject({ ok: false, refusal: { status: 400 } });
});

test('integers of any size come back as decimal strings, several outputs by their names', () => {
  const most = 2n ** 256n - 1n;
  const one = encodeAbiParameters([{ type: 'uint256' }], [most]);
  expect(decodeRead(balanceOf, one)).toEqual({ ok: true, value: most.toString() });
  const two = encodeAbiParameters([{ type: 'uint112' }, { type: 'uint32' }], [7n, 8]);
  expect(decodeRead(reserves, two)).toEqual({ ok: true, value: { reserve0: '7', when: '8' } });
  const [first, second] = reserves.outputs;
  if (!first || !second) throw new Error('two outputs');
  const nameless = { ...reserves, outputs: [{ ...first, name: '' }, second] };
  expect(decodeRead(nameless, two)).toEqual({ ok: true, value: ['7', '8'] });
});

test('an answer that is none of the outputs is refused', () => {
  for (const data of ['0x', '0x01'])
    expect(decodeRead(balanceOf, data)).toMatchObject({ ok: false, refusal: { status: 422 } });
});
