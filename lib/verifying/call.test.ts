import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { getOperation } from '@/lib/contract/table';
import { callOf } from './call';

const GENERATED = path.resolve(import.meta.dirname, '../../node_modules/@dfns/sdk/generated');

/** Every method of the SDK that asks its signer, with the method and path its own source names. */
const SIGNED_METHODS = fs
  .readdirSync(GENERATED)
  .filter((domain) => fs.existsSync(path.join(GENERATED, domain, 'client.js')))
  .flatMap((domain) =>
    [
      ...fs
        .readFileSync(path.join(GENERATED, domain, 'client.js'), 'utf8')
        .matchAll(/async (\w+)\(request[^)]*\) \{([\s\S]*?)\n {4}\}/g),
    ]
      .filter(([, , source = '']) => source.includes('userActionFetch_1'))
      .map(([, name, source = '']) => ({
        id: `${domain}.${name}`,
        path: /buildPathAndQuery\)\('([^']+)'/.exec(source)?.[1],
        method: /method: '(\w+)'/.exec(source)?.[1],
      })),
  );

test('every method with which the SDK signs is noted with the method and path that it sends', () => {
  expect(SIGNED_METHODS.length).toBeGreaterThan(80);
  for (const { id, path: sent, method } of SIGNED_METHODS)
    expect({ id, path: getOperation(id).path, method: getOperation(id).method }).toEqual({ id, path: sent, method });
});

test('a call is noted with its parameters encoded and the exact text of its body', () => {
  const call = callOf('wallets.transferAsset', { walletId: 'wa/1', body: { kind: 'Native', to: 'é', amount: '1' } });
  expect(call).toMatchObject({
    path: '/wallets/wa%2F1/transfers',
    params: { walletId: 'wa/1' },
    body: '{"kind":"Native","to":"é","amount":"1"}',
  });
  expect(callOf('policies.archivePolicy', { policyId: 'plc-1' })?.body).toBe('');
});

test('a call of an unknown method, or without what its path needs, is no call that can be checked', () => {
  expect(callOf('wallets.somethingNew', {})).toBeNull();
  expect(callOf('wallets.transferAsset', { body: {} })).toBeNull();
  expect(callOf('wallets.transferAsset', undefined)).toBeNull();
});
