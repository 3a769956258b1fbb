import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { privateKeyToAccount } from 'viem/accounts';
import { serializeTransaction } from 'viem/utils';
import { describe, expect, test } from 'vitest';
import { findNetwork } from '@/lib/contract/networks';
import { bytesToHex, hexToBytes } from '@/lib/domain/hash';
import type { EcdsaSignature } from '@/lib/domain/signing';
import type { Intent } from '../adapter';
import { chainRulesFor } from '../rules';
import { buildMessage, buildUnsigned, type Choice } from './build';
import { erc20TransferData } from './call';
import { EVM_NETWORKS } from './networks';
import { EVM_RULES as rules } from './rules';

const secretKey = hexToBytes('11'.repeat(32));
const account = privateKeyToAccount(`0x${bytesToHex(secretKey)}`);
const TOKEN = '0x00000000000000000000000000000000000000cc';
const BOB = '0x00000000000000000000000000000000000000bb';
const GWEI = 1_000_000_000n;
const CHOICE: Choice = { nonce: 7, gasLimit: 50_000n, maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };

const intentOf = (activityKind: Intent['activityKind'], requestBody: Intent['requestBody']): Intent => ({
  activityKind,
  network: 'EthereumSepolia',
  address: account.address,
  requestBody,
});
const native = (amount = '5', to = BOB) => intentOf('Transfer', { kind: 'Native', to, amount });
const erc20 = (amount = '5') => intentOf('Transfer', { kind: 'Erc20', contract: TOKEN, to: BOB, amount });
const evm = (body: object) => intentOf('Transaction', { kind: 'Evm', ...body });
const cancel = () => intentOf('Transaction', { kind: 'CancelTransaction', targetId: 'tx-1' });

const built = (intent: Intent, choice: Partial<Choice> = {}): string => {
  const result = buildUnsigned(intent, { ...CHOICE, ...choice });
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};
const sign = (digest: string): EcdsaSignature => {
  const bytes = secp256k1.sign(hexToBytes(digest), secretKey, { prehash: false, lowS: true, format: 'recovered' });
  return {
    recid: bytes[0] as 0 | 1,
    r: `0x${bytesToHex(bytes.slice(1, 33))}`,
    s: `0x${bytesToHex(bytes.slice(33))}`,
  };
};
const why = (result: ReturnType<typeof rules.checkUnsigned> | ReturnType<typeof rules.checkCancel>) =>
  result.ok ? 'accepted' : result.refusal.message;

describe('addresses', () => {
  test('an address is derived from the compressed key', () => {
    const publicKey = bytesToHex(secp256k1.getPublicKey(secretKey, true));
    expect(rules.deriveAddress(publicKey, 'EthereumSepolia')).toBe(account.address);
    expect(rules.deriveAddress(`02${'ff'.repeat(32)}`, 'EthereumSepolia')).toBeNull();
    expect(rules.deriveAddress(publicKey, 'Bitcoin')).toBeNull();
  });
  test('the networks served are those of the contract, with the same chain ids', () => {
    for (const network of EVM_NETWORKS.values())
      expect(findNetwork(network.name)).toMatchObject({ chainId: network.chainId, native: { symbol: network.symbol } });
    expect(chainRulesFor('Solana')).toBeNull();
    expect(chainRulesFor('KeyECDSA')?.family).toBe('keyOnly');
  });
});

describe('explaining an intent', () => {
  const quote = { usd: '3000', decimals: 18 };
  test('a native transfer names its recipient, amount and price', () => {
    expect(rules.explainIntent(native(), quote)).toMatchObject({
      kind: 'transfer',
      asset: { kind: 'Native' },
      amount: '5',
      quote,
      feeCeiling: '12000000000000000',
    });
    expect(rules.quotedAsset(native())).toEqual({ network: 'EthereumSepolia', asset: 'native' });
  });
  test('token calldata is shown as the transfer it is', () => {
    const facts = rules.explainIntent(evm({ to: TOKEN, data: erc20TransferData(BOB, 9n) }), null);
    expect(facts).toMatchObject({ kind: 'transfer', asset: { kind: 'Erc20', contract: TOKEN }, amount: '9' });
    expect(facts.recipient?.toLowerCase()).toBe(BOB);
    expect(rules.explainIntent(erc20('9'), null)).toMatchObject({
      asset: facts.asset,
      recipient: facts.recipient,
      amount: '9',
    });
  });
  test('a plain value transfer by transaction is known', () => {
    expect(rules.explainIntent(evm({ to: BOB, value: '0x10' }), null)).toMatchObject({
      kind: 'transfer',
      amount: '16',
    });
  });
  test.each([
    ['other calldata', { to: TOKEN, data: '0x095ea7b3' }],
    ['token calldata that also sends value', { to: TOKEN, value: '1', data: erc20TransferData(BOB, 9n) }],
    ['token calldata with something behind it', { to: TOKEN, data: `${erc20TransferData(BOB, 9n)}00` }],
    [
      'token calldata with dirty padding',
      { to: TOKEN, data: erc20TransferData(BOB, 9n).replace('a9059cbb00', 'a9059cbb01') },
    ],
    ['a contract creation', { data: '0x6000' }],
    ['a malformed value', { to: BOB, value: '-1' }],
  ])('%s is unknown', (_what, body) => {
    expect(rules.explainIntent(evm(body), quote)).toMatchObject({
      kind: 'contractCall',
      recipient: null,
      asset: null,
      amount: null,
      quote: null,
    });
    expect(rules.quotedAsset(evm(body))).toBeNull();
  });
  test('a signature says nothing of what it moves', () => {
    expect(rules.explainIntent(intentOf('Signature', { kind: 'Hash', hash: 'aa'.repeat(32) }), quote)).toEqual({
      kind: 'signature',
      network: 'EthereumSepolia',
      recipient: null,
      asset: null,
      amount: null,
      quote: null,
      feeCeiling: null,
    });
  });
});

describe('fee ceilings', () => {
  test('a body can lower the ceiling and never raise it', () => {
    const ceiling = (body: object) => rules.feeCeiling(intentOf('Transaction', { kind: 'Eip1559', to: BOB, ...body }));
    expect(ceiling({})).toBe('200000000000000000');
    expect(ceiling({ maxFeePerGas: String(GWEI), gasLimit: '21000' })).toBe('21000000000000');
    expect(ceiling({ maxFeePerGas: String(10_000n * GWEI), gasLimit: '21000' })).toBe('4200000000000000');
    expect(ceiling({ gasLimit: '5000000' })).toBe('1000000000000000000');
    expect(ceiling({ gasLimit: '5000001' })).toBeNull();
  });
});

describe('checking unsigned bytes', () => {
  test('what the builder makes is accepted, with digest, pin and fee', () => {
    const unsigned = built(native());
    expect(rules.checkUnsigned(native(), unsigned)).toEqual({
      ok: true,
      value: {
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        pin: { chain: 'eip155:11155111', sender: account.address.toLowerCase(), nonce: '7' },
        fee: (50_000n * 20n * GWEI).toString(),
      },
    });
  });
  test('bytes of another request are refused, and the refusal says what differs', () => {
    expect(why(rules.checkUnsigned(native('6'), built(native())))).toContain('value');
    expect(why(rules.checkUnsigned(native('5', TOKEN), built(native())))).toContain('recipient');
    expect(why(rules.checkUnsigned(erc20('6'), built(erc20())))).toContain('data');
    expect(why(rules.checkUnsigned(evm({ to: BOB, nonce: 8 }), built(evm({ to: BOB }))))).toContain('nonce');
    expect(why(rules.checkUnsigned(evm({ to: BOB, gasLimit: '21000' }), built(evm({ to: BOB }))))).toContain(
      'gas limit',
    );
    expect(why(rules.checkUnsigned({ ...native(), network: 'Base' }, built(native())))).toContain('chain');
  });
  test('a fee above a limit is refused', () => {
    expect(why(rules.checkUnsigned(native(), built(native(), { gasLimit: 60_001n })))).toContain('gas limit');
    expect(why(rules.checkUnsigned(native(), built(native(), { maxFeePerGas: 201n * GWEI })))).toContain('fee limits');
    const call = intentOf('Transaction', {
      kind: 'Eip1559',
      to: BOB,
      gasLimit: '5000000',
      maxFeePerGas: String(201n * GWEI),
    });
    const result = rules.checkUnsigned(call, built(call, { gasLimit: 5_000_000n, maxFeePerGas: 200n * GWEI }));
    expect(why(result)).toBe('accepted'); // exactly the hard cap
  });
  test('other transaction types, access lists, signatures and trailing bytes are refused', () => {
    const tx = { chainId: 11155111, nonce: 7, gas: 50_000n, to: BOB, value: 5n } as const;
    const fees = { maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };
    const others = [
      serializeTransaction({ ...tx, type: 'legacy', gasPrice: GWEI }),
      serializeTransaction({ ...tx, type: 'eip2930', gasPrice: GWEI }),
      serializeTransaction({ ...tx, ...fees, type: 'eip1559', accessList: [{ address: BOB, storageKeys: [] }] }),
      serializeTransaction(
        { ...tx, ...fees, type: 'eip1559' },
        { r: `0x${'11'.repeat(32)}`, s: `0x${'22'.repeat(32)}`, yParity: 1 },
      ),
      serializeTransaction({ ...tx, ...fees, type: 'eip7702', authorizationList: [] }),
      `0x${built(native())}00`,
      `0x${built(native()).toUpperCase()}`,
    ];
    for (const raw of others) expect(rules.checkUnsigned(native(), raw.slice(2)).ok).toBe(false);
  });
  test('without an address nothing is accepted', () => {
    const { address: _address, ...bare } = native();
    expect(rules.checkUnsigned(bare, built(native())).ok).toBe(false);
  });
  test('messages are signed under the EIP-191 prefix and hashes as they are', async () => {
    const intent = intentOf('Signature', { kind: 'Message', message: '0x68690a' });
    const unsigned = buildMessage(intent);
    if (!unsigned.ok) throw new Error('not built');
    const checked = rules.checkUnsigned(intent, unsigned.value);
    if (!checked.ok) throw new Error(checked.refusal.message);
    const attached = rules.attach(intent, unsigned.value, sign(checked.value.digest));
    expect(attached.ok && attached.value.raw).toBe(await account.signMessage({ message: { raw: '0x68690a' } }));
    expect(rules.checkUnsigned(intent, '6869').ok).toBe(false);
    const hash = intentOf('Signature', { kind: 'Hash', hash: `0x${'AB'.repeat(32)}` });
    expect(rules.checkUnsigned(hash, 'ab'.repeat(32))).toMatchObject({
      ok: true,
      value: { pin: { digest: 'ab'.repeat(32) } },
    });
  });
});

describe('replacing', () => {
  const pin = { chain: 'eip155:11155111', sender: account.address, nonce: '7' };
  test('a cancel sends nothing to the sender itself at the pinned nonce', () => {
    expect(why(rules.checkCancel(cancel(), pin, built(cancel())))).toBe('accepted');
    expect(why(rules.checkCancel(cancel(), pin, built(cancel(), { nonce: 8 })))).toContain('nonce');
    expect(why(rules.checkCancel(cancel(), pin, built(native('0'))))).toContain('itself');
    expect(why(rules.checkCancel(cancel(), pin, built(native('1', account.address))))).toContain('itself');
    expect(why(rules.checkCancel(native(), pin, built(cancel())))).toContain('CancelTransaction');
    expect(why(rules.checkCancel(cancel(), { ...pin, sender: BOB }, built(cancel())))).toContain('sender');
  });
  test('a cancel can outbid the dearest request', () => {
    const dearest = built(native(), { maxFeePerGas: 200n * GWEI, maxPriorityFeePerGas: 200n * GWEI });
    const dearer = built(cancel(), { maxFeePerGas: 220n * GWEI, maxPriorityFeePerGas: 220n * GWEI });
    expect(rules.outbids(dearest, dearer)).toBe(true);
    expect(why(rules.checkCancel(cancel(), pin, dearer))).toBe('accepted');
  });
  test('a speed-up differs from what it repeats in its fees alone, and stays inside the limits of the request', () => {
    const dearer = { maxFeePerGas: 22n * GWEI, maxPriorityFeePerGas: (11n * GWEI) / 10n };
    const earlier = built(native());
    const over = (choice: Partial<Choice>, intent = native()) =>
      why(rules.checkSpeedUp(native(), earlier, built(intent, { ...dearer, ...choice })));
    expect(over({})).toBe('accepted');
    expect(over({}, native('6'))).toContain('that is sped up');
    expect(over({}, native('5', account.address))).toContain('that is sped up');
    expect(over({}, evm({ to: BOB, value: '5', data: '0x01' }))).toContain('that is sped up');
    expect(over({ nonce: 8 })).toContain('that is sped up');
    expect(over({ gasLimit: 50_001n })).toContain('that is sped up');
    expect(over({ maxFeePerGas: (218n * GWEI) / 10n })).toContain('10 %');
    expect(over({ maxPriorityFeePerGas: (109n * GWEI) / 100n })).toContain('10 %');
    expect(over({ maxFeePerGas: 201n * GWEI })).toContain('fee limits');
    expect(why(rules.checkSpeedUp(native(), earlier, '02'))).toContain('not an EIP-1559');
    expect(why(rules.checkSpeedUp(native('6'), earlier, built(native(), dearer)))).toContain('value of the request');
  });
  test('the least speed-up passes its own check where the limits leave room for it', () => {
    const least = rules.leastSpeedUp(built(native())) ?? '';
    expect(why(rules.checkSpeedUp(native(), built(native()), least))).toBe('accepted');
    expect(rules.leastSpeedUp('02')).toBeNull();
    const highest = built(native(), { maxFeePerGas: 190n * GWEI, maxPriorityFeePerGas: 190n * GWEI });
    expect(why(rules.checkSpeedUp(native(), highest, rules.leastSpeedUp(highest) ?? ''))).toContain('fee limits');
  });
  test('a replacement needs 10 % more on both fields: 9 % is refused', () => {
    const bid = (percent: bigint, tip: bigint) =>
      rules.outbids(
        built(native()),
        built(native(), { maxFeePerGas: (20n * GWEI * percent) / 100n, maxPriorityFeePerGas: (GWEI * tip) / 100n }),
      );
    expect([bid(110n, 110n), bid(109n, 110n), bid(110n, 109n), bid(100n, 100n)]).toEqual([true, false, false, false]);
  });
});

describe('attaching a signature', () => {
  const unsigned = built(native());
  const digestOf = (bare: string, intent = native()) => {
    const checked = rules.checkUnsigned(intent, bare);
    if (!checked.ok) throw new Error(checked.refusal.message);
    return checked.value.digest;
  };
  test('the signed bytes and hash are those another signer makes', async () => {
    const result = rules.attach(native(), unsigned, sign(digestOf(unsigned)));
    const raw = await account.signTransaction({
      type: 'eip1559',
      chainId: 11155111,
      nonce: 7,
      gas: 50_000n,
      to: BOB,
      value: 5n,
      maxFeePerGas: 20n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    expect(result.ok && result.value.raw).toBe(raw);
  });
  test('a high s is refused although it recovers the same key', () => {
    const low = sign(digestOf(unsigned));
    const s = secp256k1.Point.Fn.ORDER - BigInt(low.s);
    const high = { r: low.r, s: `0x${s.toString(16).padStart(64, '0')}`, recid: (1 - low.recid) as 0 | 1 };
    expect(rules.attach(native(), unsigned, high).ok).toBe(false);
  });
  test('a signature of another key or with the wrong recovery id is refused', () => {
    const good = sign(digestOf(unsigned));
    expect(rules.attach(native(), unsigned, { ...good, recid: (1 - good.recid) as 0 | 1 }).ok).toBe(false);
    expect(rules.attach({ ...native(), address: BOB }, unsigned, good).ok).toBe(false);
  });
});

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => `0x${bytesToHex(bytes)}`);
const integer = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }).map(String);
const data = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((bytes) => `0x${bytesToHex(bytes)}`),
  fc.tuple(address, integer).map(([to, amount]) => erc20TransferData(to as `0x${string}`, BigInt(amount)) as string),
);
const anyIntent: fc.Arbitrary<Intent> = fc.oneof(
  fc.tuple(address, integer).map(([to, amount]) => native(amount, to)),
  fc
    .tuple(address, address, integer)
    .map(([to, contract, amount]) => intentOf('Transfer', { kind: 'Erc20', to, contract, amount })),
  fc.record({ to: address, value: integer, data }).map(evm),
);
const anyChoice = fc.record({
  nonce: fc.nat(),
  gasLimit: fc.bigInt(21_000n, 60_000n),
  maxFeePerGas: fc.bigInt(GWEI, 200n * GWEI),
  maxPriorityFeePerGas: fc.bigInt(0n, GWEI),
});

test('what is built is accepted, for every intent and choice', () => {
  fc.assert(
    fc.property(anyIntent, anyChoice, (intent, choice) => {
      expect(why(rules.checkUnsigned(intent, built(intent, choice)))).toBe('accepted');
    }),
  );
});

test('a flipped bit is refused, or the signature belongs to another address', () => {
  fc.assert(
    fc.property(anyIntent, anyChoice, fc.nat(), fc.nat(7), (intent, choice, at, bit) => {
      const good = built(intent, choice);
      const bytes = hexToBytes(good);
      const index = at % bytes.length;
      bytes[index] = (bytes[index] as number) ^ (1 << bit);
      const bad = bytesToHex(bytes);
      // Only nonce and fee may differ without contradicting the intent; the digest is another one then.
      const checked = rules.checkUnsigned(intent, bad);
      const original = rules.checkUnsigned(intent, good);
      if (!original.ok) throw new Error('the builder made something bad');
      if (checked.ok) expect(checked.value.digest).not.toBe(original.value.digest);
      expect(rules.attach(intent, bad, sign(original.value.digest)).ok).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test('the explanation never tells less than the bytes do', () => {
  fc.assert(
    fc.property(anyIntent, anyChoice, (intent, choice) => {
      const facts = rules.explainIntent(intent, null);
      if (facts.recipient === null) return;
      // Whoever the facts name, with that amount of that asset: an intent written from the facts alone gives the same call.
      const again =
        facts.asset?.kind === 'Erc20'
          ? intentOf('Transfer', {
              kind: 'Erc20',
              to: facts.recipient,
              contract: facts.asset.contract,
              amount: facts.amount,
            })
          : native(facts.amount ?? '', facts.recipient);
      expect(built(again, choice)).toBe(built(intent, choice));
    }),
  );
});

describe('a request that could never be carried out', () => {
  const message = (intent: Intent): string => {
    const checked = rules.checkIntent(intent);
    return checked.ok ? '' : `${checked.refusal.status} ${checked.refusal.message}`;
  };
  test('is refused when its recipient is no address', () => {
    for (const to of ['0x00', 'bob.eth', `${BOB}0`, BOB.slice(2)])
      expect(message(native('5', to))).toMatch(/^400 to: /);
    expect(message(native())).toBe('');
  });
  test('is refused when its amount does not fit 256 bits', () => {
    expect(message(native('9'.repeat(78)))).toMatch(/^400 amount: /);
    expect(message(erc20('9'.repeat(78)))).toMatch(/^400 amount: /);
  });
  test('is refused when it calls nobody and creates nothing', () => {
    expect(message(evm({}))).toMatch(/^400 to: /);
    expect(message(evm({ data: '0x00' }))).toBe('');
  });
  test('is refused when its gas limit is below what the chain takes, or above ours', () => {
    for (const gasLimit of ['100', '20999', '5000001'])
      expect(message(evm({ to: BOB, gasLimit }))).toMatch(/^400 gasLimit: /);
    expect(message(evm({ to: BOB, gasLimit: '21000', data: '0x11' }))).toBe(
      '400 gasLimit: must be at least 21040 for this data',
    );
    expect(message(evm({ to: BOB, gasLimit: '21040', data: '0x11' }))).toBe('');
  });
});
