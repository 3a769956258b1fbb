import { serializeTransaction } from 'viem/utils';
import { ALWAYS, BLOCK } from '@/lib/ledger/testing/people';
import { BOB, MALLORY } from '@/lib/ledger/testing/signing';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { DEARER, HONEST, LOOT } from './scenes';

const GWEI = 1_000_000_000n;
const FIELDS = {
  type: 'eip1559',
  chainId: 11_155_111,
  nonce: 0,
  gas: 50_000n,
  maxFeePerGas: 20n * GWEI,
  maxPriorityFeePerGas: GWEI,
  to: BOB,
  value: 5n,
} as const;
const { maxFeePerGas: _fee, maxPriorityFeePerGas: _tip, ...REST } = FIELDS;
const LEGACY = { ...REST, type: 'legacy', gasPrice: 20n * GWEI };
type Changes = Omit<Partial<Parameters<typeof serializeTransaction>[0]>, 'type'>;
const raw = (changes: Changes = {}): string => serializeTransaction({ ...FIELDS, ...changes } as never).slice(2);

const TOKEN = '0x00000000000000000000000000000000000000cc';
const DELEGATE_CALL = '0x5c19a95c00000000000000000000000000000000000000000000000000000000000000ee';

/** Other bytes for a reserved request: in the bundle alone, and in a `reserve` of the attacker's own. */
const swapped = (name: string, unsigned: () => string) => [
  attack('reserved', name, NOTHING, ({ demand, id, head }) => demand(id, head, { unsigned: unsigned() })),
  attack('payment', `${name}, reserved by the attacker`, NOTHING, ({ take, id }) => take(id, { unsigned: unsigned() })),
];

export const BYTES = group('bytes', [
  ...swapped('swapped recipient', () => raw({ to: MALLORY })),
  ...swapped('swapped amount', () => raw({ value: 1_000_000_000_000_000_000n })),
  ...swapped('calldata added to a payment', () => raw({ data: DELEGATE_CALL })),
  ...swapped('another chain id', () => raw({ chainId: 1 })),
  ...swapped('a fee above the ceiling', () => raw({ maxFeePerGas: 100_000n * GWEI })),
  ...swapped('a tip above the limits', () => raw({ maxFeePerGas: 9_000n * GWEI, maxPriorityFeePerGas: 9_000n * GWEI })),
  ...swapped('a gas limit above the cap', () => raw({ gas: 30_000_000n })),
  ...swapped('a contract made instead of a payment', () => raw({ to: undefined, data: '0x6000' })),
  attack('reserved', 'a second nonce for one approval', NOTHING, async ({ demand, pay, reserve, scene, id }) => {
    await pay(id);
    reserve(id, { choice: { nonce: 1 } });
    return demand(id, await scene.witness(), { choice: { nonce: 1 } });
  }),
  attack('reserved', 'a replacement whose fee is hardly higher', NOTHING, ({ take, id }) =>
    take(id, { choice: { maxFeePerGas: 21n * GWEI } }),
  ),
  attack(
    'reserved',
    'the digest of other bytes beside the honest ones',
    NOTHING,
    ({ demand, id, head, bytesOf, digest }) => demand(id, head, {}, { digest: digest(bytesOf(LOOT)) }),
  ),
  attack('reserved', 'a second digest behind the honest one', NOTHING, ({ demand, id, head, bytesOf, digest }) => {
    const loot = digest(bytesOf(LOOT));
    return demand(id, head, {}, { digest: loot, digests: [digest(bytesOf(HONEST)), loot] });
  }),
  attack('payment', 'calldata of a contract call swapped', NOTHING, ({ world, walletId, take }) => {
    const call = { kind: 'Evm', to: TOKEN, value: '0', data: '0x12345678' };
    const id = activityIdOf(world.act(world.admin, 'wallets.broadcastTransaction', { walletId }, call));
    return take(id, { body: { ...call, data: DELEGATE_CALL } });
  }),
  attack('payment', 'the recipient inside a token transfer swapped', NOTHING, ({ world, walletId, take }) => {
    const send = { kind: 'Erc20', contract: TOKEN, to: BOB, amount: '5' };
    const id = activityIdOf(world.act(world.admin, 'wallets.transferAsset', { walletId }, send));
    return take(id, { body: { ...send, to: MALLORY } });
  }),
  attack('payment', 'another hash for a signature request', NOTHING, ({ world, walletId, take, bytesOf, digest }) => {
    const body = { kind: 'Hash', hash: `0x${'ab'.repeat(32)}` };
    const id = activityIdOf(world.act(world.admin, 'wallets.generateSignature', { walletId }, body));
    return take(id, { body: { kind: 'Hash', hash: `0x${digest(bytesOf(LOOT))}` } });
  }),
  attack('reserved', 'a cancel that pays the attacker', NOTHING, ({ world, walletId, id, take }) => {
    const cancel = world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: id }, {});
    return take(activityIdOf(cancel), { body: LOOT });
  }),
  attack('reserved', 'a cancel with another nonce', NOTHING, ({ world, walletId, id, take, address }) => {
    const cancel = world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: id }, {});
    return take(activityIdOf(cancel), { unsigned: raw({ to: address as `0x${string}`, value: 0n, nonce: 1 }) });
  }),
  ...(
    [
      ['pays the attacker', { to: MALLORY }],
      ['pays more', { value: 1_000_000_000_000_000_000n }],
      ['calls something', { data: DELEGATE_CALL }],
      ['has another nonce', { nonce: 1 }],
      ['has a higher gas limit', { gas: 60_000n }],
      ['has another chain id', { chainId: 1 }],
      ['pays above the fee ceiling', { maxFeePerGas: 100_000n * GWEI }],
      ['is hardly dearer', { maxFeePerGas: 21n * GWEI }],
    ] as const
  ).map(([name, change]) =>
    attack('stuck', `a speed-up that ${name}`, NOTHING, ({ take, id }) =>
      take(id, { unsigned: raw({ ...DEARER, ...change }) }),
    ),
  ),
  attack('stuck', 'a payment once more at a higher fee, without a speed-up', NOTHING, ({ take, original }) =>
    take(original, { body: HONEST, choice: DEARER }),
  ),
  attack('stuck', 'a speed-up of what a policy blocks by now', NOTHING, ({ world, take, id }) => {
    world.policy(ALWAYS, BLOCK);
    return take(id, { body: HONEST, choice: DEARER });
  }),
  attack('stuck', 'a speed-up after a cancel', NOTHING, async ({ world, walletId, original, pay, take, id }) => {
    const cancel = world.act(world.admin, 'wallets.cancelTransfer', { walletId, transferId: original }, {});
    await pay(activityIdOf(cancel), { body: { kind: 'CancelTransaction' } });
    return take(id, { body: HONEST, choice: DEARER });
  }),
]);

/** The same meaning in other bytes. */
export const REENCODED = group('bytes', [
  ...(
    [
      ['re-encoded as a legacy transaction', () => serializeTransaction({ ...LEGACY } as never).slice(2)],
      ['re-encoded with an access list', () => raw({ accessList: [{ address: MALLORY, storageKeys: [] }] } as never)],
      ['re-encoded with a byte behind it', () => `${raw()}00`],
      [
        're-encoded with a signature in it already',
        () =>
          serializeTransaction(FIELDS, { r: `0x${'11'.repeat(32)}`, s: `0x${'22'.repeat(32)}`, yParity: 0 }).slice(2),
      ],
      ['re-encoded with a leading zero in a number', () => longNonce(raw())],
      ['re-encoded in capitals', () => raw().toUpperCase()],
    ] as const
  ).map(([name, unsigned]) =>
    attack('reserved', name, NOTHING, ({ demand, id, head }) => demand(id, head, { unsigned: unsigned() })),
  ),
]);

/** The nonce 0 written as one zero byte instead of the empty string: one length more in the list's head is not needed. */
const longNonce = (bare: string): string => bare.replace('83aa36a780', '83aa36a700');
