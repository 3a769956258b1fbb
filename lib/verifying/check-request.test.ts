import { expect, test } from 'vitest';
import { hashBody, type Statement } from '@/lib/authentication/statement';
import { chainRulesFor } from '@/lib/chain/rules';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { activityDigest, type Leaf } from '@/lib/ledger/entry';
import { feeCeilingOf } from '@/lib/ledger/intent';
import { callOf } from './call';
import { checkActivity } from './check-request';
import { dueContext } from './due-context';
import type { ActivityDetail } from './shapes';

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const FROM = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const KNOWN = { orgId: 'or-1', genesis: 'aa' };
const body = { kind: 'Native', to: TO, amount: '1500' } as const;
const feeCeiling =
  feeCeilingOf('wallets.transferAsset', { network: 'EthereumSepolia', address: FROM }, body, chainRulesFor) ?? '';

const statement: Statement = {
  v: 1,
  orgId: 'or-1',
  genesis: 'aa',
  userId: 'us-1',
  method: 'POST',
  path: '/wallets/wa-1/transfers',
  bodyHash: hashBody(utf8ToBytes(JSON.stringify(body))),
  serverNonce: 'n',
  expiresAt: 1,
  context: { walletId: 'wa-1', network: 'EthereumSepolia', address: FROM, feeCeiling },
};
const leaf: Leaf = {
  v: 1,
  at: 1,
  kind: 'userAction',
  bodyHash: statement.bodyHash,
  effects: { activityId: 'xfr-1', approvalId: 'ap-1' },
  statement,
};
const honest: ActivityDetail = {
  id: 'xfr-1',
  kind: 'Transfer',
  walletId: 'wa-1',
  keyId: 'key-1',
  network: 'EthereumSepolia',
  requester: { userId: 'us-1' },
  status: 'Pending',
  approvalId: 'ap-1',
  dateRequested: '2026-01-01T00:00:00.000Z',
  facts: {
    kind: 'transfer',
    network: 'EthereumSepolia',
    recipient: TO,
    asset: { kind: 'Native' },
    amount: '1500',
    quote: null,
    feeCeiling,
  },
  digest: activityDigest(leaf),
  entry: {
    leaf: canonicalJson(leaf as unknown as Json),
    body: toBase64Url(utf8ToBytes(JSON.stringify(body))),
  },
  evaluations: [],
  groups: [],
  decisions: [],
  timeline: [],
  refusals: [],
  request: {
    id: 'xfr-1',
    walletId: 'wa-1',
    network: 'EthereumSepolia',
    requester: { userId: 'us-1' },
    requestBody: body,
    status: 'Pending',
    dateRequested: '2026-01-01T00:00:00.000Z',
    metadata: { asset: { symbol: 'ETH', decimals: 18 } },
  },
};
const differing = (change: Partial<ActivityDetail>): readonly string[] => {
  const checked = checkActivity({ ...honest, ...change }, KNOWN);
  return checked.ok ? [] : checked.differences.map((one) => one.what);
};

test('a request whose entry says what the server says has no differences, and its digest is recomputed', () => {
  const checked = checkActivity(honest, KNOWN);
  expect(checked).toMatchObject({ ok: true, digest: honest.digest });
});

test('another amount, recipient or fee ceiling than the entry holds is named', () => {
  expect(differing({ facts: { ...honest.facts, amount: '1' } })).toEqual(['amount']);
  expect(differing({ facts: { ...honest.facts, recipient: FROM } })).toEqual(['recipient']);
  expect(differing({ facts: { ...honest.facts, feeCeiling: '1' } })).toEqual(['fee ceiling']);
});

test('another wallet, requester, network or id than the entry holds is named', () => {
  expect(differing({ walletId: 'wa-2' })).toEqual(['wallet', 'wallet in the statement']);
  expect(differing({ requester: { userId: 'us-2' } })).toEqual(['requester']);
  expect(differing({ network: 'Ethereum' })).toEqual(['network of the request']);
  expect(differing({ id: 'xfr-2' })).toEqual(['request']);
});

test('a request asks again for the one that its entry names, and for no other', () => {
  expect(differing({ recreates: 'xfr-0' })).toEqual(['request asked for again']);
  const again: Leaf = { ...leaf, statement: { ...statement, path: '/x/wallets/wa-1/transfers/xfr-0/recreate' } };
  const own = {
    digest: activityDigest(again),
    entry: { leaf: canonicalJson(again as unknown as Json), body: honest.entry?.body ?? '' },
  };
  expect(differing({ ...own, recreates: 'xfr-0' })).toEqual([]);
  expect(differing({ ...own, recreates: 'xfr-9' })).toEqual(['request asked for again']);
  expect(differing(own)).toEqual(['request asked for again']);
});

test('a digest that is not the entry’s, a swapped body and a missing entry are refused', () => {
  expect(differing({ digest: 'ff' })).toEqual(['digest']);
  const swapped = toBase64Url(utf8ToBytes(JSON.stringify({ ...body, amount: '1' })));
  expect(differing({ entry: { leaf: honest.entry?.leaf ?? '', body: swapped } })).toEqual(['body']);
  expect(differing({ entry: null })).toEqual(['ledger entry']);
});

test('a price that the entry does not hold is refused', () => {
  expect(differing({ facts: { ...honest.facts, quote: { usd: '9', decimals: 18 } } })).toEqual(['price', 'decimals']);
});

test('an entry of another organisation or genesis is refused', () => {
  const checked = checkActivity(honest, { orgId: 'or-2', genesis: 'bb' });
  expect(checked.ok ? [] : checked.differences.map((one) => one.what)).toEqual(['organisation', 'genesis']);
});

const speedUpStatement: Statement = {
  ...statement,
  path: '/wallets/wa-1/transfers/xfr-1/speed-up',
  bodyHash: hashBody(utf8ToBytes('{}')),
  context: { ...statement.context, activityId: 'xfr-1', activityDigest: honest.digest },
};
const speedUpLeaf: Leaf = {
  ...leaf,
  bodyHash: speedUpStatement.bodyHash,
  effects: { activityId: 'tx-2' },
  statement: speedUpStatement,
};
const faster: ActivityDetail = {
  ...honest,
  id: 'tx-2',
  kind: 'Transaction',
  status: 'Executing',
  approvalId: undefined,
  digest: activityDigest(speedUpLeaf),
  entry: { leaf: canonicalJson(speedUpLeaf as unknown as Json), body: toBase64Url(utf8ToBytes('{}')) },
  speedsUp: 'xfr-1',
  repeats: { id: 'xfr-1', digest: honest.digest, entry: honest.entry },
  request: {
    id: 'tx-2',
    walletId: 'wa-1',
    network: 'EthereumSepolia',
    requester: { userId: 'us-1' },
    requestBody: { kind: 'SpeedUpTransaction', txHash: '0xab', signedTx: '' },
    status: 'Executing',
    dateRequested: '2026-01-01T00:00:00.000Z',
  },
};

test('a speed-up does what the entry says whose digest its requester signed, and nothing else the server shows', () => {
  const whatDiffers = (change: Partial<ActivityDetail>): readonly string[] => {
    const checked = checkActivity({ ...faster, ...change }, KNOWN);
    return checked.ok ? [] : checked.differences.map((one) => one.what);
  };
  expect(whatDiffers({})).toEqual([]);
  expect(whatDiffers({ facts: { ...honest.facts, amount: '1' } })).toEqual(['amount']);
  const otherLeaf: Leaf = { ...leaf, at: 2 };
  const other = {
    id: 'xfr-1',
    digest: activityDigest(otherLeaf),
    entry: { leaf: canonicalJson(otherLeaf as unknown as Json), body: honest.entry?.body ?? '' },
  };
  expect(whatDiffers({ repeats: other })).toEqual(['digest of the request that is sped up']);
  expect(whatDiffers({ repeats: { ...other, digest: honest.digest } })).toContain(
    'digest of the request that is sped up',
  );
  expect(whatDiffers({ repeats: { id: 'xfr-9', digest: honest.digest, entry: honest.entry } })).toContain(
    'request that is sped up',
  );
  expect(whatDiffers({ repeats: undefined })).toContain('decoding');
});

test('a speed-up is signed over the digest of what it repeats, as this client reads it', async () => {
  const dueOf = async (detail: ActivityDetail, operationId: string, params: Readonly<Record<string, string>>) => {
    const call = callOf(operationId, params);
    if (!call) throw new Error('The call is not noted.');
    return dueContext({ call, known: KNOWN, offered: {}, read: async () => detail });
  };
  const context = {
    walletId: 'wa-1',
    network: 'EthereumSepolia',
    address: FROM,
    feeCeiling,
    activityId: 'xfr-1',
    activityDigest: honest.digest,
  };
  const params = { walletId: 'wa-1', transferId: 'xfr-1' };
  expect(await dueOf(honest, 'wallets.speedUpTransfer', params)).toEqual({ ok: true, context, open: [] });
  const again = { walletId: 'wa-1', transactionId: 'tx-2' };
  expect(await dueOf(faster, 'wallets.speedUpTransaction', again)).toEqual({ ok: true, context, open: [] });
  const lied = { ...honest, facts: { ...honest.facts, amount: '1' } };
  expect(await dueOf(lied, 'wallets.speedUpTransfer', params)).toMatchObject({ ok: false });
  expect(await dueOf(honest, 'wallets.speedUpTransfer', { ...params, transferId: 'xfr-9' })).toMatchObject({
    ok: false,
  });
  const repeating = { ...honest, repeats: { id: 'xfr-9', digest: faster.digest, entry: faster.entry } };
  expect(await dueOf(repeating, 'wallets.speedUpTransfer', params)).toMatchObject({ ok: false });
});
