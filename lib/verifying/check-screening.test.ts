import { expect, test } from 'vitest';
import { hashBody, type Statement } from '@/lib/authentication/statement';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { activityDigest, type Leaf } from '@/lib/ledger/entry';
import type { Genesis } from '@/lib/ledger/genesis';
import { testOracle } from '@/lib/ledger/testing/oracle';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { checkScreenings } from './check-screening';
import { readEntry } from './ledger-entry';
import type { Facts } from './shapes';

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const FROM = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const AT = 1_800_000_000_000;
const [oracle, stranger] = [testOracle(), testOracle()];
const genesis = { oracleKeys: [oracle.publicKey] } as unknown as Genesis;
const body = { kind: 'Native', to: TO, amount: '5' };
const facts: Facts = {
  kind: 'transfer',
  network: 'EthereumSepolia',
  recipient: TO,
  asset: { kind: 'Native' },
  amount: '5',
  quote: null,
  feeCeiling: null,
};
const transfer = {
  orgId: 'or-1',
  direction: 'outgoing' as const,
  network: 'EthereumSepolia',
  asset: 'native',
  from: FROM.toLowerCase(),
  to: TO.toLowerCase(),
  amount: '5',
  reference: '',
};

const entryWith = (screening: readonly unknown[] | undefined) => {
  const bytes = utf8ToBytes(JSON.stringify(body));
  const statement: Statement = {
    v: 1,
    orgId: 'or-1',
    genesis: 'aa',
    userId: 'us-1',
    method: 'POST',
    path: '/wallets/wa-1/transfers',
    bodyHash: hashBody(bytes),
    serverNonce: 'n',
    expiresAt: 1,
    context: { walletId: 'wa-1', network: 'EthereumSepolia', address: FROM },
  };
  const effects = { activityId: 'xfr-1', ...(screening && { screening: screening as unknown as Json }) };
  const leaf: Leaf = { v: 1, at: AT, kind: 'userAction', bodyHash: statement.bodyHash, effects, statement };
  const read = readEntry({
    digest: activityDigest(leaf),
    entry: { leaf: canonicalJson(leaf as unknown as Json), body: toBase64Url(bytes) },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.differences));
  return read.entry;
};
const check = (screening: readonly unknown[] | undefined, known: Genesis | null = genesis) =>
  checkScreenings(entryWith(screening), facts, known, TEST_PORTS.verifyEd25519);

test('what an oracle of the genesis signed of exactly this transfer is verified', () => {
  expect(check([oracle.screening(transfer, AT)])).toMatchObject([
    { vendor: 'Chainalysis', state: 'verified', screening: { outcome: 'screened' } },
  ]);
  expect(check(undefined)).toEqual([]);
});

test('a stranger’s word, an altered one, one of another transfer and an old one are refused', () => {
  const refused = [{ vendor: 'Chainalysis', state: 'refused' }];
  const genuine = oracle.screening(transfer, AT);
  expect(check([stranger.screening(transfer, AT)])).toEqual(refused);
  expect(check([{ ...genuine, outcome: 'failed' }])).toEqual(refused);
  expect(check([oracle.screening({ ...transfer, amount: '6' }, AT)])).toEqual(refused);
  expect(check([oracle.screening(transfer, AT - 3_600_000)])).toEqual(refused);
  expect(check(['nonsense'])).toEqual([{ vendor: 'a vendor', state: 'refused' }]);
});

test('without the genesis nothing is verified and nothing is refused', () => {
  expect(check([oracle.screening(transfer, AT)], null)).toEqual([{ vendor: 'Chainalysis', state: 'open' }]);
});
