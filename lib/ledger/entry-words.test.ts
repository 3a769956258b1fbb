import { expect, test } from 'vitest';
import type { Statement } from '@/lib/authentication/statement';
import { getOperation } from '@/lib/contract/table';
import { utf8ToBytes } from '@/lib/domain/hash';
import type { Leaf } from './entry';
import { ENTRY_KINDS } from './entry';
import { wordsOfEntry } from './entry-words';
import { OPERATION_HANDLERS } from './operations/index';

const statement = (method: string, path: string, context = {}): Statement => ({
  v: 1,
  orgId: 'or-1',
  genesis: 'aa',
  userId: 'us-1',
  method,
  path,
  bodyHash: 'bb',
  serverNonce: 'n',
  expiresAt: 1,
  context,
});
const leaf = (part: Partial<Leaf>): Leaf => ({ v: 1, at: 1, kind: 'userAction', bodyHash: 'bb', effects: {}, ...part });
const words = (part: Partial<Leaf>, body: object = {}) => wordsOfEntry(leaf(part), utf8ToBytes(JSON.stringify(body)));

test('every operation of the ledger has words, and none of them lacks a name', () => {
  for (const id of OPERATION_HANDLERS.keys()) {
    const { method, path } = getOperation(id);
    const said = words(
      { statement: statement(method, path.replace(/:\w+/g, 'x-1')) },
      {
        network: 'n',
        to: 't',
        identityId: 'i',
        credentialUuid: 'c',
        delegateTo: 'd',
        userId: 'u',
        toUserId: 'v',
        until: 'w',
        walletId: 'x',
        remove: ['y'],
      },
    );
    expect(said.summary, id).not.toMatch(/undefined|^(GET|POST|PUT|DELETE) /);
    expect(said).toMatchObject({ userId: 'us-1', by: 'person' });
  }
});
test('every kind without a person has words, and says whether signers or server wrote it', () => {
  for (const kind of ENTRY_KINDS.filter((one) => one !== 'userAction'))
    expect(words({ kind }, { activityId: 'a', keyId: 'k', seq: 1 })).toMatchObject({
      action: kind,
      summary: expect.any(String),
    });
  expect(words({ kind: 'release' }, { activityId: 'a' }).by).toBe('signers');
  expect(words({ kind: 'broadcast' }, { activityId: 'a' }).by).toBe('server');
  expect(words({ kind: 'registration', effects: { userId: 'us-2' } })).toMatchObject({ userId: 'us-2', by: 'person' });
});
test('a transfer is said in whole coins of its network, or in base units', () => {
  const send = (body: object, network?: string) =>
    words({ statement: statement('POST', '/wallets/wa-1/transfers', network ? { network } : {}) }, body).summary;
  const native = (amount: string) => send({ kind: 'Native', to: '0xb', amount }, 'PolygonAmoy');
  expect(native('1250000000000000000')).toBe('Asked to send 1.25 POL from wa-1 to 0xb');
  expect(native('1')).toBe('Asked to send 0.000000000000000001 POL from wa-1 to 0xb');
  expect(native('3000000000000000000')).toBe('Asked to send 3 POL from wa-1 to 0xb');
  expect(send({ kind: 'Erc20', contract: '0xc', to: '0xb', amount: '7' })).toBe(
    'Asked to send 7 base units of 0xc from wa-1 to 0xb',
  );
});
test('a body that is no JSON object breaks nothing', () => {
  expect(wordsOfEntry(leaf({ kind: 'expiry' }), utf8ToBytes('{')).summary).toContain('expired');
});
