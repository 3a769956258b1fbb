import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isBuiltKind } from './built-kinds';
import { emptyBody } from './fields';
import { parseJson } from './json';
import { isBuiltKeyPair, isKeyPair } from './keys';
import { signatureBody } from './signatures';
import { getOperation } from './table';
import { transactionBody } from './transactions';
import { transferBody } from './transfers';
import { createWalletBody, tagsBody } from './wallets';

const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const issues = (schema: z.ZodType | undefined, body: unknown) =>
  schema?.safeParse(body).error?.issues.map((issue) => issue.message);
const kindsOf = (schema: z.ZodType) => {
  const { oneOf, anyOf } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  return (oneOf ?? anyOf ?? []).map((option) =>
    String((option.properties?.kind as { const?: unknown } | undefined)?.const),
  );
};

describe('a transfer', () => {
  const native = (change: object = {}) => ({ kind: 'Native', to: ADDRESS, amount: '1000', ...change });
  const erc20 = (change: object = {}) => ({ kind: 'Erc20', contract: ADDRESS, to: ADDRESS, amount: '1', ...change });

  test('of a native coin or an ERC-20 token is accepted as the SDK sends it', () => {
    expect(issues(transferBody, native())).toBeUndefined();
    expect(issues(transferBody, native({ externalId: 'invoice-7', priority: 'Fast' }))).toBeUndefined();
    expect(issues(transferBody, erc20())).toBeUndefined();
  });

  test('takes any amount of 1 to 78 digits and nothing else', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 78n - 1n }), (value) => {
        expect(issues(transferBody, native({ amount: value.toString() }))).toBeUndefined();
      }),
    );
    for (const amount of [
      '',
      '-1',
      '+1',
      '1.0',
      '1e18',
      '0x10',
      ' 1',
      '1 ',
      '1\n',
      '１',
      '1'.repeat(79),
      1,
      null,
      ['1'],
    ]) {
      expect(issues(transferBody, native({ amount })), JSON.stringify(amount)).toBeDefined();
    }
  });

  test('refuses by name what would be dropped silently', () => {
    for (const property of [
      'feeSponsorId',
      'travelRule',
      'memo',
      'createDestinationAccount',
      'offer',
      'expiresAt',
      'useDurableNonce',
    ]) {
      expect(issues(transferBody, native({ [property]: 'x' }))).toEqual([`"${property}" is not supported`]);
    }
    expect(issues(transferBody, erc20({ feeSponsorId: 'fs-1' }))).toEqual(['"feeSponsorId" is not supported']);
  });

  test('refuses an unknown property by name', () => {
    expect(issues(transferBody, native({ gasPrice: '1' }))).toEqual(['Unrecognized key: "gasPrice"']);
  });

  test('refuses a member called __proto__', () => {
    const parsed = parseJson(
      new TextEncoder().encode(`{"kind":"Native","to":"${ADDRESS}","amount":"1","__proto__":{}}`),
    );
    expect(parsed.ok && issues(transferBody, parsed.value)).toEqual(['Unrecognized key: "__proto__"']);
  });

  test('has an externalId of 1 to 50 characters', () => {
    expect(issues(transferBody, native({ externalId: 'x'.repeat(50) }))).toBeUndefined();
    expect(issues(transferBody, native({ externalId: 'x'.repeat(51) }))).toBeDefined();
    expect(issues(transferBody, native({ externalId: '' }))).toBeDefined();
  });

  test('of a token needs 20-byte addresses', () => {
    for (const to of ['0x71C7', `${ADDRESS}00`, ADDRESS.slice(2), `0X${ADDRESS.slice(2)}`, 'vitalik.eth']) {
      expect(issues(transferBody, erc20({ to })), to).toBeDefined();
      expect(issues(transferBody, erc20({ contract: to })), to).toBeDefined();
    }
  });

  test('knows the 24 kinds of the dialect, of which two are built', () => {
    const kinds = kindsOf(transferBody);
    expect(kinds).toHaveLength(24);
    expect(kinds.filter((kind) => isBuiltKind('transfer', kind))).toEqual(['Native', 'Erc20']);
    expect(issues(transferBody, { kind: 'Spl', to: 'x', amount: '1', mint: 'y' })).toBeUndefined();
    expect(issues(transferBody, { kind: 'Gift', to: 'x', amount: '1' })).toEqual(['is not a known transfer kind']);
  });
});

describe('a transaction', () => {
  const evm = (change: object = {}) => ({ kind: 'Eip1559', to: ADDRESS, value: '1', data: '0x', ...change });

  test('takes decimal and hexadecimal integers below 2^256', () => {
    for (const value of ['0', '0x0', '0xDE0B6B3A7640000', String(2n ** 256n - 1n), `0x${'f'.repeat(64)}`]) {
      expect(issues(transactionBody, evm({ value, maxFeePerGas: value })), value).toBeUndefined();
    }
    for (const value of [
      '',
      '0x',
      '1e18',
      '-1',
      '0xg',
      '1.5',
      String(2n ** 256n),
      '9'.repeat(78),
      `0x1${'0'.repeat(64)}`,
      5,
    ]) {
      expect(issues(transactionBody, evm({ value })), String(value)).toBeDefined();
    }
  });

  test('takes its nonce as number or text', () => {
    for (const nonce of [0, 7, '7', '0x7']) expect(issues(transactionBody, evm({ nonce }))).toBeUndefined();
    for (const nonce of [-1, 1.5, 2 ** 60, 'seven']) expect(issues(transactionBody, evm({ nonce }))).toBeDefined();
  });

  test('takes whole bytes of data', () => {
    expect(issues(transactionBody, evm({ data: '0xa9059cbb' }))).toBeUndefined();
    for (const data of ['0xa', 'a9059cbb', '0xzz']) expect(issues(transactionBody, evm({ data }))).toBeDefined();
  });

  test('of kind Evm has no EIP-1559 fees', () => {
    expect(issues(transactionBody, { ...evm({ maxFeePerGas: '1' }), kind: 'Evm' })).toEqual([
      'Unrecognized key: "maxFeePerGas"',
    ]);
  });

  test('that a sponsor would pay for is refused by name', () => {
    const body = { kind: 'UserOperations', userOperations: [{ to: ADDRESS }], feeSponsorId: 'fs-1' };
    expect(issues(transactionBody, body)).toEqual(['"feeSponsorId" is not supported']);
  });

  test('knows the 9 kinds people may send, of which two are built', () => {
    const kinds = kindsOf(transactionBody);
    expect(kinds).toHaveLength(9);
    expect(kinds.filter((kind) => isBuiltKind('transaction', kind))).toEqual(['Evm', 'Eip1559']);
    expect(issues(transactionBody, { kind: 'CancelTransaction', signedTx: '0x' })).toEqual([
      'is not a known transaction kind',
    ]);
  });
});

describe('a signature request', () => {
  test('for a hash has 32 bytes, 0x or not', () => {
    const hash = 'ab'.repeat(32);
    expect(issues(signatureBody, { kind: 'Hash', hash })).toBeUndefined();
    expect(issues(signatureBody, { kind: 'Hash', hash: `0x${hash}` })).toBeUndefined();
    expect(issues(signatureBody, { kind: 'Hash', hash: hash.slice(2) })).toBeDefined();
    expect(issues(signatureBody, { kind: 'Hash', hash: `${hash}00` })).toBeDefined();
  });

  test('for a hash refuses a taproot root by name', () => {
    expect(issues(signatureBody, { kind: 'Hash', hash: '00'.repeat(32), taprootMerkleRoot: '' })).toEqual([
      '"taprootMerkleRoot" is not supported',
    ]);
  });

  test('for a message takes whole bytes of hex', () => {
    expect(issues(signatureBody, { kind: 'Message', message: '0x48656c6c6f' })).toBeUndefined();
    expect(issues(signatureBody, { kind: 'Message', message: '48656c6c6' })).toBeDefined();
    expect(issues(signatureBody, { kind: 'Message', message: 'hello' })).toBeDefined();
  });

  test('knows the 12 kinds of the dialect, of which two are built', () => {
    const kinds = kindsOf(signatureBody);
    expect(kinds).toHaveLength(12);
    expect(kinds.filter((kind) => isBuiltKind('signature', kind))).toEqual(['Hash', 'Message']);
    expect(issues(signatureBody, { kind: 'Rune' })).toEqual(['is not a known signature kind']);
  });
});

describe('wallets and keys', () => {
  test('a wallet is made on any known network', () => {
    expect(
      issues(createWalletBody, { network: 'EthereumSepolia', name: 'é', tags: ['hot', 'a:b/c+d-e.f_g'] }),
    ).toBeUndefined();
    expect(issues(createWalletBody, { network: 'Atlantis' })).toEqual(['is not a known network']);
  });

  test('a wallet on an existing key names it', () => {
    expect(issues(createWalletBody, { network: 'BaseSepolia', signingKey: { id: 'key-1' } })).toBeUndefined();
  });

  test.each(['validatorId'])('a wallet refuses %s by name', (property) => {
    expect(issues(createWalletBody, { network: 'EthereumSepolia', [property]: 'x' })).toEqual([
      `"${property}" is not supported`,
    ]);
  });

  test('a wallet refuses derivation and key stores by name', () => {
    const body = { network: 'EthereumSepolia', signingKey: { storeId: 's', deriveFrom: { keyId: 'k' } } };
    expect(issues(createWalletBody, body)?.sort()).toEqual([
      '"deriveFrom" is not supported',
      '"storeId" is not supported',
    ]);
  });

  test('1 to 10 tags are added or taken at once', () => {
    expect(issues(tagsBody, { tags: ['a'] })).toBeUndefined();
    for (const tags of [
      [],
      Array.from({ length: 11 }, (_, i) => `t${i}`),
      ['a b'],
      ['ä'],
      [''],
      ['x'.repeat(101)],
      ['a\n'],
    ]) {
      expect(issues(tagsBody, { tags }), JSON.stringify(tags)).toBeDefined();
    }
  });

  test('a key has a scheme that exists on its curve', () => {
    const body = getOperation('keys.createKey').body;
    expect(issues(body, { scheme: 'ECDSA', curve: 'secp256k1' })).toBeUndefined();
    expect(issues(body, { scheme: 'ECDSA', curve: 'ed25519' })?.[0]).toContain(`don't go together`);
    expect(issues(body, { scheme: 'ECDSA', curve: 'secp256k1', deriveFrom: { keyId: 'k' } })).toEqual([
      '"deriveFrom" is not supported',
    ]);
    expect(isKeyPair('Schnorr', 'secp256k1')).toBe(true);
    expect(isBuiltKeyPair('ECDSA', 'secp256k1')).toBe(true);
    expect(isBuiltKeyPair('EdDSA', 'ed25519')).toBe(false);
  });
});

describe('calls without a body', () => {
  test.each(['', '{}'])('accept %j and nothing more', (text) => {
    const parsed = parseJson(new TextEncoder().encode(text));
    expect(parsed.ok && issues(emptyBody, parsed.value)).toBeUndefined();
    expect(issues(emptyBody, { force: true })).toEqual(['Unrecognized key: "force"']);
  });

  test.each([null, [], 'text', 1, true])('refuse the body %j', (body) => {
    expect(issues(emptyBody, body)).toBeDefined();
  });
});
