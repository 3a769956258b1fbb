import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildUnsigned } from '@/lib/chain/evm/build';
import { REGISTRY } from '@/lib/compose/registry';
import { signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { writeWalletTransfers } from '@/lib/db/wallet-transfers';
import { type DealtKey, dealKey } from '@/lib/ledger/testing/nodes';
import { chain, get, NODES, send, useKnownNodes } from './testing/checked';
import { anOrganisation, startPlatform, type TestPerson, type TestPlatform } from './testing/platform';

const BOB = '0x00000000000000000000000000000000000000bb';
let platform: TestPlatform;
let admin: TestPerson;
let stranger: TestPerson;
let dealt: DealtKey;
let stop = () => {};
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer holds.
let wallet: any;

/** What coordinator and nodes do: certify a key that was asked for, reserve and sign what was approved. */
const work = async (): Promise<void> => {
  const { services } = platform;
  const { rows } = await services.db.pool.query(
    `SELECT kind, record FROM ledger_records WHERE org_id = $1 AND (kind = 'key' AND record->>'status' = 'Creating'
     OR kind = 'activity' AND record->>'kind' = 'Signature' AND record->>'status' IN ('Approved', 'Reserved')) ORDER BY ordinal`,
    [admin.orgId],
  );
  const append = async (kind: 'keyCertificate' | 'reserve' | 'release', body: object) => {
    const outcome = await services.ledger.append({ orgId: admin.orgId, kind, body: body as never, effects: {} });
    if (!outcome.ok) throw new Error(`${kind}: ${outcome.refusal.message}`);
  };
  for (const { kind, record } of rows) {
    if (kind === 'key') {
      const made = dealKey(record.id, 3, NODES, 'reads');
      await append('keyCertificate', { keyId: record.id, certificate: made.certificate });
      dealt ??= made;
      continue;
    }
    const digest = record.requestBody.hash.replace(/^0x/, '');
    if (record.status === 'Approved')
      await append('reserve', { activityId: record.id, pin: { digest }, digest, unsigned: digest, attempt: 0 });
    await append('release', { activityId: record.id, digest, signature: dealt.sign(digest) });
  }
};

beforeAll(async () => {
  platform = await startPlatform({ registry: REGISTRY });
  await useKnownNodes(platform);
  admin = await anOrganisation(platform);
  stranger = await anOrganisation(platform);
  let running = true;
  const loop = (async () => {
    while (running) {
      await work();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  stop = () => {
    running = false;
    return loop;
  };
  const made = await send(platform, admin, 'POST', '/wallets', {
    network: 'EthereumSepolia',
    name: 'Cold',
    tags: ['a'],
  });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  wallet = made.body;
});
afterAll(async () => {
  await stop();
  await platform.close();
});

describe('wallets and keys', () => {
  test('a wallet is answered once its key is certified, with an address', () => {
    expect(wallet).toMatchObject({
      status: 'Active',
      custodial: true,
      name: 'Cold',
      tags: ['a'],
      network: 'EthereumSepolia',
    });
    expect(wallet.address).toMatch(/^0x[0-9a-fA-F]{40}$/);
    expect(wallet.signingKey).toMatchObject({ scheme: 'ECDSA', curve: 'secp256k1' });
  });

  test('a wallet and its key are listed and read', async () => {
    expect((await get(platform, admin, '/wallets')).body.items).toEqual([wallet]);
    expect((await get(platform, admin, `/wallets/${wallet.id}`)).body).toEqual(wallet);
    const key = (await get(platform, admin, `/keys/${wallet.signingKey.id}`)).body;
    expect(key).toMatchObject({
      wallets: [{ id: wallet.id, network: 'EthereumSepolia' }],
      store: { kind: 'Mpc', keyId: key.id },
    });
    expect((await get(platform, admin, '/keys')).body.items).toMatchObject([{ id: key.id }]);
  });

  test('a key names its holders and the ledger entry in which all of them confirmed it', async () => {
    await chain(platform);
    const { body } = await get(platform, admin, `/x/keys/${wallet.signingKey.id}/holders`);
    expect(body).toMatchObject({ threshold: 3, nodes: 4, holders: [1, 2, 3, 4], made: { nodes: [1, 2, 3, 4] } });
    const entry = (await get(platform, admin, `/x/audit/entries/${body.made.seq}`)).body;
    expect(entry).toMatchObject({ kind: 'keyCertificate', subject: wallet.signingKey.id, at: body.made.at });
  });

  test('nobody else finds them', async () => {
    for (const path of [`/wallets/${wallet.id}`, `/keys/${wallet.signingKey.id}`, `/wallets/${wallet.id}/transfers`])
      expect((await platform.call('GET', path, { token: stranger.token })).status).toBe(404);
    expect((await get(platform, stranger, '/wallets')).body.items).toEqual([]);
  });

  test('tags are added and taken away with an empty answer', async () => {
    expect((await send(platform, admin, 'PUT', `/wallets/${wallet.id}/tags`, { tags: ['b'] })).body).toEqual({});
    expect((await get(platform, admin, `/wallets/${wallet.id}`)).body.tags).toEqual(['a', 'b']);
    expect((await send(platform, admin, 'DELETE', `/wallets/${wallet.id}/tags`, { tags: ['b'] })).body).toEqual({});
  });

  test('a key is renamed, and loses its name again', async () => {
    const path = `/keys/${wallet.signingKey.id}`;
    expect((await send(platform, admin, 'PUT', path, { name: 'Cold key' })).body).toMatchObject({ name: 'Cold key' });
    expect((await get(platform, admin, path)).body.name).toBe('Cold key');
    expect((await send(platform, admin, 'PUT', path, { name: null })).body.name).toBeUndefined();
    expect(await send(platform, stranger, 'PUT', path, { name: 'mine' })).toMatchObject({ status: 404 });
  });

  test('there is one key store: the shares in the signers', async () => {
    const items = [{ id: 'mpc', kind: 'Mpc', primary: true }];
    expect((await get(platform, admin, '/key-stores')).body).toEqual({ items });
  });

  test('the history of all wallets is that of the time asked for, page by page', async () => {
    const rows = [1, 2, 3].map((day) => ({
      orgId: admin.orgId,
      walletId: wallet.id,
      direction: 'In' as const,
      network: 'EthereumSepolia',
      txHash: `0x${String(day).repeat(64)}`,
      place: day === 2 ? 4 : -1,
      contract: day === 2 ? BOB : null,
      from: BOB,
      to: wallet.address.toLowerCase(),
      amount: String(day),
      fee: day === 3 ? '21000' : null,
      decimals: day === 2 ? 6 : 18,
      symbol: day === 2 ? 'USDC' : 'ETH',
      blockNumber: day,
      blockTime: new Date(`2026-01-0${day}T00:00:00.000Z`),
    }));
    await writeWalletTransfers(pgSql(platform.services.db.pool), rows);
    const span = '/wallets/all/history?startTime=2026-01-02T00:00:00Z&endTime=2026-01-03T00:00:00Z&limit=1';
    const first = (await get(platform, admin, span)).body;
    expect(first).toMatchObject({
      orgId: admin.orgId,
      items: [{ walletId: wallet.id, asset: 'Native', amount: '3', fee: '21000', feeSymbol: 'ETH', feeDecimals: '18' }],
    });
    const second = (await get(platform, admin, `${span}&paginationToken=${first.nextPageToken}`)).body;
    expect(second.items).toMatchObject([
      { asset: BOB, symbol: 'USDC', decimals: '6', timestamp: '2026-01-02T00:00:00.000Z' },
    ]);
    expect(second.nextPageToken).toBeUndefined();
    expect((await get(platform, stranger, span)).body.items).toEqual([]);
    const odd = await platform.call('GET', '/wallets/all/history?startTime=yesterday&endTime=x', {
      token: admin.token,
    });
    expect(odd.status).toBe(400);
  });

  test('a network whose nodes are not configured is named', async () => {
    const reply = await platform.call('GET', '/networks/fees?network=Base', { token: admin.token });
    expect(reply).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('Base') } } });
    const abi = { type: 'function', name: 'x', stateMutability: 'view', inputs: [], outputs: [] };
    const call = (slug: string, more: object = {}) => {
      const body = JSON.stringify({ contract: BOB, abi: { ...abi, ...more } });
      return platform.call('POST', `/networks/${slug}/call-function`, { token: admin.token, body });
    };
    expect((await call('nowhere')).status).toBe(404);
    expect((await call('base')).status).toBe(400);
    expect((await call('base', { stateMutability: 'payable' })).status).toBe(400);
  });

  test('with a node away no wallet is made, none is shown, and the answer names the node', async () => {
    const nodes = signerNodeStore(pgSql(platform.services.db.pool));
    await nodes.disconnected(2);
    const count = async () =>
      (await platform.services.db.pool.query('SELECT count(*)::int AS n FROM ledger_leaves')).rows[0].n;
    const before = await count();
    const reply = await send(platform, admin, 'POST', '/wallets', { network: 'EthereumSepolia' });
    expect(reply).toMatchObject({ status: 503, body: { error: { details: { missing: [2] } } } });
    expect(await count()).toBe(before);
    await nodes.connected(2, 0);
    expect((await get(platform, admin, '/wallets')).body.items).toHaveLength(1);
  });
});

describe('requests', () => {
  const path = () => `/wallets/${wallet.id}`;
  const native = (externalId: string) => ({ kind: 'Native', to: BOB, amount: '1000', externalId });

  test('a transfer is answered at once, echoes its body and names its asset', async () => {
    const body = native('one');
    const transfer = (await send(platform, admin, 'POST', `${path()}/transfers`, body)).body;
    expect(transfer).toMatchObject({
      status: 'Executing',
      requestBody: body,
      requester: { userId: admin.userId },
      externalId: 'one',
    });
    expect(transfer.metadata.asset).toMatchObject({ symbol: 'ETH', decimals: 18 });
    expect((await get(platform, admin, `${path()}/transfers/${transfer.id}`)).body).toEqual(transfer);
    expect((await get(platform, admin, `${path()}/transfers`)).body).toEqual({
      items: [transfer],
      walletId: wallet.id,
    });
  });

  test('the same externalId answers with the same transfer, another body with 409', async () => {
    const again = await send(platform, admin, 'POST', `${path()}/transfers`, native('one'));
    expect(again.body.externalId).toBe('one');
    const conflict = await send(platform, admin, 'POST', `${path()}/transfers`, { ...native('one'), amount: '2' });
    expect(conflict).toMatchObject({ status: 409, body: { error: { details: { duplicate: { id: again.body.id } } } } });
  });

  test('a transaction keeps apart from transfers', async () => {
    const made = (await send(platform, admin, 'POST', `${path()}/transactions`, { kind: 'Evm', to: BOB, value: '1' }))
      .body;
    expect((await get(platform, admin, `${path()}/transactions`)).body.items).toMatchObject([{ id: made.id }]);
    const wrong = await platform.call('GET', `${path()}/transfers/${made.id}`, { token: admin.token });
    expect(wrong).toMatchObject({ status: 404, body: { error: { details: { transferId: made.id } } } });
  });

  test('a signature is waited for and comes with r, s, recid and the encoded form', async () => {
    const hash = `0x${'ab'.repeat(32)}`;
    const signed = (await send(platform, admin, 'POST', `${path()}/signatures`, { kind: 'Hash', hash })).body;
    expect(signed).toMatchObject({ status: 'Signed', walletId: wallet.id, network: 'EthereumSepolia' });
    const { r, s, recid, encoded } = signed.signature;
    expect(encoded).toBe(`${r}${s.slice(2)}${recid === 1 ? '1c' : '1b'}`);
    expect(signed.dateSigned).toMatch(/Z$/);
    expect((await get(platform, admin, `${path()}/signatures/${signed.id}`)).body).toEqual(signed);
    const under = async (keyId: string) => (await get(platform, admin, `/x/activities?keyId=${keyId}`)).body.items;
    expect((await under(signed.keyId)).map((item: { id: string }) => item.id)).toContain(signed.id);
    expect(await under('key-00000-00000-0000000000000000')).toEqual([]);
    expect((await get(platform, admin, `/keys/${signed.keyId}/signatures`)).body).toMatchObject({
      items: [{ id: signed.id }],
      keyId: signed.keyId,
    });
  });

  test('how far a transaction is on the chain is its status', async () => {
    const { id } = (await send(platform, admin, 'POST', `${path()}/transfers`, native('chain'))).body;
    const record = await platform.services.getRecord(admin.orgId, 'activity', id);
    const show = async (change: object) => {
      await platform.services.db.pool.query(
        "UPDATE ledger_records SET record = $2 WHERE kind = 'activity' AND id = $1",
        [id, JSON.stringify({ ...record, ...change })],
      );
      return (await get(platform, admin, `${path()}/transfers/${id}`)).body;
    };
    const txHash = `0x${'1'.repeat(64)}`;
    expect(await show({ status: 'Reserved' })).toMatchObject({ status: 'Executing' });
    expect(await show({ status: 'Released' })).toMatchObject({ status: 'Executing' });
    const sent = { status: 'Broadcasted', txHash, dateBroadcasted: 1_700_000_000_000 };
    expect(await show({ status: 'Released', chain: sent })).toMatchObject({
      status: 'Broadcasted',
      txHash,
      dateBroadcasted: '2023-11-14T22:13:20.000Z',
    });
    expect(
      await show({ status: 'Released', chain: { ...sent, status: 'Confirmed', subStatus: 'Finalized', fee: '21000' } }),
    ).toMatchObject({ status: 'Confirmed', subStatus: 'Finalized', fee: '21000' });
    expect(
      await show({
        status: 'Released',
        chain: { ...sent, status: 'Failed', subStatus: 'Reverted', reason: 'It reverted.' },
      }),
    ).toMatchObject({ status: 'Failed', reason: 'It reverted.' });
    expect(await show({ status: 'Abandoned', reason: 'Given up.' })).toMatchObject({
      status: 'Failed',
      reason: 'Given up.',
    });
    expect(await show({ status: 'Rejected', reason: 'Denied.' })).toMatchObject({
      status: 'Rejected',
      reason: 'Denied.',
    });
  });

  test('a cancel is a transaction that says what it replaces', async () => {
    const { id } = (await send(platform, admin, 'POST', `${path()}/transfers`, native('cancelled'))).body;
    const pin = { chain: 'eip155:11155111', sender: wallet.address.toLowerCase(), nonce: '7' };
    await platform.services.db.pool.query(
      `UPDATE ledger_records SET record = record || $2::jsonb WHERE kind = 'activity' AND id = $1`,
      [
        id,
        JSON.stringify({ status: 'Reserved', pin, reservation: { digest: '', digests: [], unsigned: '', attempt: 0 } }),
      ],
    );
    const cancel = await send(platform, admin, 'POST', `${path()}/transfers/${id}/cancel`);
    expect(cancel).toMatchObject({ status: 200, body: { requestBody: { kind: 'CancelTransaction' } } });
    expect((await get(platform, admin, `${path()}/transactions`)).body.items[0].id).toBe(cancel.body.id);
  });

  test('a speed-up is a transaction that says what it repeats, and what it replaces says so too', async () => {
    const { id } = (await send(platform, admin, 'POST', `${path()}/transfers`, native('slow'))).body;
    const sender = wallet.address.toLowerCase();
    const pin = { chain: 'eip155:11155111', sender, nonce: '9' };
    const intent = {
      activityKind: 'Transfer',
      network: 'EthereumSepolia',
      address: sender,
      requestBody: native('slow'),
    } as const;
    const gwei = 1_000_000_000n;
    const built = buildUnsigned(intent, {
      nonce: 9,
      gasLimit: 21_000n,
      maxFeePerGas: 20n * gwei,
      maxPriorityFeePerGas: gwei,
    });
    const txHash = `0x${'ab'.repeat(32)}`;
    const stuck = {
      status: 'Released',
      pin,
      reservation: { digest: '', digests: [], unsigned: built.ok ? built.value : '', attempt: 1 },
      chain: { status: 'Broadcasted', txHash },
    };
    await platform.services.db.pool.query(
      `UPDATE ledger_records SET record = record || $2::jsonb WHERE kind = 'activity' AND id = $1`,
      [id, JSON.stringify(stuck)],
    );
    const faster = await send(platform, admin, 'POST', `${path()}/transfers/${id}/speed-up`);
    expect(faster).toMatchObject({
      status: 200,
      body: { status: 'Executing', requestBody: { kind: 'SpeedUpTransaction', txHash, signedTx: '' } },
    });
    expect((await get(platform, admin, `${path()}/transfers/${id}`)).body.replacementId).toBe(faster.body.id);
    expect(await get(platform, admin, `/x/activities/${faster.body.id}`)).toMatchObject({
      body: {
        speedsUp: id,
        facts: { amount: native('slow').amount },
        repeats: { id, entry: { leaf: expect.any(String) } },
      },
    });
    const twice = await send(platform, admin, 'POST', `${path()}/transfers/${id}/speed-up`);
    expect(twice).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining(faster.body.id) } } });
  });

  test('a request that waits is embedded in its approval as it stands', async () => {
    await send(platform, admin, 'POST', '/v2/policies', {
      name: 'Ask',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger' },
      action: { kind: 'RequestApproval', approvalGroups: [{ quorum: 1, approvers: {}, initiatorCanApprove: true }] },
    });
    const transfer = (await send(platform, admin, 'POST', `${path()}/transfers`, native('asked'))).body;
    expect(transfer).toMatchObject({ status: 'Pending', approvalId: expect.stringMatching(/^ap-/) });
    const approval = (await get(platform, admin, `/v2/policy-approvals/${transfer.approvalId}`)).body;
    expect(approval.activity).toEqual({ kind: 'Wallets:Sign', transferRequest: transfer });
    expect(approval.policyEvaluations).toMatchObject([{ triggered: true }]);
    const decided = await send(platform, admin, 'POST', `/v2/policy-approvals/${transfer.approvalId}/decisions`, {
      value: 'Denied',
      reason: 'No.',
    });
    expect(decided.body).toMatchObject({ status: 'Denied', activity: { transferRequest: { status: 'Rejected' } } });

    await chain(platform);
    const detail = (await get(platform, admin, `/x/activities/${transfer.id}`)).body;
    expect(detail).toMatchObject({
      status: 'Rejected',
      request: { id: transfer.id },
      decisions: [{ value: 'Denied', live: true }],
    });
    expect(detail.timeline.map((step: { what: string }) => step.what)).toEqual([
      'requested',
      expect.stringContaining('evaluated'),
      'denied',
    ]);
    expect(detail.timeline.every((step: { seq?: number }) => Number.isInteger(step.seq))).toBe(true);
  });

  test('activities are listed, filtered by status and by kind', async () => {
    const idsOf = async (query: string) =>
      (await get(platform, admin, `/x/activities?${query}`)).body.items.map((item: { kind: string }) => item.kind);
    expect(new Set(await idsOf('kind=Signature'))).toEqual(new Set(['Signature']));
    expect((await get(platform, admin, '/x/activities?status=Signed')).body.items).toHaveLength(1);
    expect((await get(platform, stranger, '/x/activities')).body.items).toEqual([]);
  });
});

describe('signers and ledger', () => {
  test('signers, head, credentials and organisation are as the contract says', async () => {
    await chain(platform);
    expect((await get(platform, admin, '/x/signers')).body.items.map((item: { node: number }) => item.node)).toEqual([
      1, 2, 3, 4,
    ]);
    expect((await get(platform, admin, '/x/ledger/head')).body.seq).toBeGreaterThan(0);
    expect((await get(platform, admin, `/x/users/${admin.userId}/credentials`)).body.items).toMatchObject([
      { fingerprint: expect.stringMatching(/^SHA256:/), introduced: true },
    ]);
  });

  test('the stream says what kind of thing changed and ends with the request', async () => {
    const gone = new AbortController();
    const response = await platform.app.request('http://localhost:3000/x/events', {
      headers: { authorization: `Bearer ${admin.token}` },
      signal: gone.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await send(platform, admin, 'PUT', `/wallets/${wallet.id}`, { name: 'Colder' });
    let heard = '';
    while (!heard.includes('"wallet"')) heard += new TextDecoder().decode((await reader.read()).value);
    gone.abort();
    for (;;) if ((await reader.read()).done) break;
  });
});

describe('mainnets', () => {
  test('are refused while the operator has not switched them on', async () => {
    const reply = await send(platform, admin, 'POST', '/wallets', { network: 'Ethereum' });
    expect(reply).toMatchObject({ status: 400, body: { message: 'network not enabled: Ethereum' } });
  });
});
