import type { Abi } from 'viem';
import { encodeFunctionData, hashTypedData, parseAbi } from 'viem/utils';
import { describe, expect, test } from 'vitest';
import { evaluatePolicies } from '@/lib/policy/evaluate';
import type { PolicyRule } from '@/lib/policy/policy';
import { anActivity, aPolicy, aTotal } from '@/lib/policy/testing/builders';
import type { Intent } from '../adapter';
import { erc20TransferData } from './call';
import { EVM_RULES as rules } from './rules';

const TOKEN = '0x00000000000000000000000000000000000000cc';
const BOB = '0x00000000000000000000000000000000000000bb';
const MALLORY = '0x00000000000000000000000000000000000000ee';
const SAFE = '0x0000000000000000000000000000000000005afe';
const QUOTE = { usd: '1', decimals: 18, symbol: 'TOK' };
const WORD = '00'.repeat(32);

const maxUint256 = (1n << 256n) - 1n;

const call = (signature: string, args: readonly unknown[]): `0x${string}` => {
  const abi: Abi = parseAbi([`function ${signature}`] as readonly string[]);
  return encodeFunctionData({ abi, args });
};
const asking = (body: object): Intent => ({
  activityKind: 'Transaction',
  network: 'EthereumSepolia',
  address: '0x0000000000000000000000000000000000000001',
  requestBody: { kind: 'Evm', ...body },
});
const transferred = erc20TransferData(BOB, 5n);
const permit = {
  domain: { name: 'Token', version: '1', chainId: 1, verifyingContract: TOKEN },
  types: {
    Permit: [
      { name: 'owner', type: 'address' },
      { name: 'spender', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'nonce', type: 'uint256' },
      { name: 'deadline', type: 'uint256' },
    ],
  },
  primaryType: 'Permit',
  message: { owner: SAFE, spender: MALLORY, value: maxUint256, nonce: 0n, deadline: maxUint256 },
} as const;
const signing = (hash: string): Intent => ({
  activityKind: 'Signature',
  network: 'EthereumSepolia',
  requestBody: { kind: 'Hash', hash },
});

/** A Safe's call with `operation` 1 is a delegatecall: the bytes that emptied Bybit's wallet, by shape. */
const safeCall = (data: `0x${string}`, operation: 0 | 1) =>
  call('execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes) returns (bool)', [
    MALLORY,
    0n,
    data,
    operation,
    0n,
    0n,
    0n,
    MALLORY,
    MALLORY,
    '0x',
  ]);

/** What no policy can read, each to a contract that a list may hold. */
const UNREADABLE: readonly (readonly [string, Intent])[] = [
  ['a delegatecall through a Safe', asking({ to: TOKEN, data: safeCall(transferred, 1) })],
  ['a call through a Safe', asking({ to: TOKEN, data: safeCall(transferred, 0) })],
  ['a proxy upgrade', asking({ to: TOKEN, data: call('upgradeTo(address)', [MALLORY]) })],
  [
    'a proxy upgrade with a call',
    asking({ to: TOKEN, data: call('upgradeToAndCall(address,bytes)', [MALLORY, transferred]) }),
  ],
  ['another implementation', asking({ to: TOKEN, data: call('setImplementation(address)', [MALLORY]) })],
  ['another admin of a proxy', asking({ to: TOKEN, data: call('changeAdmin(address)', [MALLORY]) })],
  ['another owner', asking({ to: TOKEN, data: call('transferOwnership(address)', [MALLORY]) })],
  ['a multicall', asking({ to: TOKEN, data: call('multicall(bytes[])', [[transferred, transferred]]) })],
  [
    'a multicall in a multicall',
    asking({ to: TOKEN, data: call('multicall(bytes[])', [[call('multicall(bytes[])', [[transferred]])]]) }),
  ],
  [
    'calls bundled by Multicall3',
    asking({
      to: TOKEN,
      data: call('aggregate3((address target,bool allowFailure,bytes callData)[])', [
        [{ target: TOKEN, allowFailure: true, callData: transferred }],
      ]),
    }),
  ],
  ['an unlimited approval', asking({ to: TOKEN, data: call('approve(address,uint256)', [MALLORY, maxUint256]) })],
  ['a raised approval', asking({ to: TOKEN, data: call('increaseAllowance(address,uint256)', [MALLORY, 1n]) })],
  [
    'an approval of a collection',
    asking({ to: TOKEN, data: call('setApprovalForAll(address,bool)', [MALLORY, true]) }),
  ],
  [
    'a permit that is sent',
    asking({
      to: TOKEN,
      data: call('permit(address,address,uint256,uint256,uint8,bytes32,bytes32)', [
        SAFE,
        MALLORY,
        maxUint256,
        maxUint256,
        27,
        `0x${WORD}`,
        `0x${WORD}`,
      ]),
    }),
  ],
  ['a permit that is signed', signing(hashTypedData(permit))],
  [
    'a permit of another chain and contract that is signed',
    signing(hashTypedData({ ...permit, domain: { ...permit.domain, chainId: 56, verifyingContract: MALLORY } })),
  ],
  [
    'a transfer from somebody who approved',
    asking({ to: TOKEN, data: call('transferFrom(address,address,uint256)', [SAFE, MALLORY, 5n]) }),
  ],
  ['a transfer with bytes behind it', asking({ to: TOKEN, data: `${transferred}00` })],
  ['a transfer with a word behind it', asking({ to: TOKEN, data: `${transferred}${WORD}` })],
  ['a transfer cut short', asking({ to: TOKEN, data: transferred.slice(0, -2) })],
  [
    'a transfer to an address with dirty upper bytes',
    asking({ to: TOKEN, data: transferred.replace(/^(0x[0-9a-f]{8})00/, '$1ff') }),
  ],
  ['a transfer that carries native value', asking({ to: TOKEN, value: '1', data: transferred })],
  ['a selector nobody knows', asking({ to: TOKEN, data: '0xdeadbeef' })],
  ['fewer bytes than a selector', asking({ to: TOKEN, data: '0xa9059c' })],
  ['a contract that is made', asking({ data: '0x6000ff' })],
];

const asks = (rule: PolicyRule, intent: Intent): boolean =>
  evaluatePolicies(
    [aPolicy('p', { rule })],
    anActivity({ facts: rules.explainIntent(intent, QUOTE), inWindow: () => [aTotal(0)] }),
  ).outcome === 'Block';

describe.each(UNREADABLE)('%s', (_, intent) => {
  test('moves something unknown, whatever it looks like', () => {
    const facts = rules.explainIntent(intent, QUOTE);
    expect(facts).toMatchObject({ recipient: null, asset: null, amount: null, quote: null });
    expect(facts.kind).not.toBe('transfer');
  });
  test.each([
    ['a list of recipients that holds every address in it', { addresses: [TOKEN, BOB, SAFE, MALLORY] }],
    ['a limit on the amount', { limit: 1e12, currency: 'USD' }],
    ['a limit on the sum of a day', { limit: 1e12, currency: 'USD', timeframe: 1440 }],
  ])('triggers %s', (name, configuration) => {
    const kind = name.includes('list')
      ? 'TransactionRecipientWhitelist'
      : name.includes('sum')
        ? 'TransactionAmountVelocity'
        : 'TransactionAmountLimit';
    expect(asks({ kind, configuration }, intent)).toBe(true);
  });
});

test('a plain transfer of a token is told by its true recipient, and triggers none of them', () => {
  const intent = asking({ to: TOKEN, data: transferred });
  expect(rules.explainIntent(intent, QUOTE)).toMatchObject({ kind: 'transfer', amount: '5' });
  expect(asks({ kind: 'TransactionRecipientWhitelist', configuration: { addresses: [BOB] } }, intent)).toBe(false);
  expect(asks({ kind: 'TransactionRecipientWhitelist', configuration: { addresses: [TOKEN] } }, intent)).toBe(true);
  expect(asks({ kind: 'TransactionAmountLimit', configuration: { limit: 1e12, currency: 'USD' } }, intent)).toBe(false);
});
