import { composeLedger } from '@/lib/compose/ledger';
import type { Db } from '@/lib/db/client';
import { createLedgerStore } from '@/lib/db/ledger-store';
import { listRecords } from '@/lib/db/records';
import { sequenceOnce } from '@/lib/db/sequencer';
import { pgSql } from '@/lib/db/sql';
import type { Json } from '@/lib/domain/canonical-json';
import { emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { dealKey } from '@/lib/ledger/testing/nodes';
import { testOracle } from '@/lib/ledger/testing/oracle';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { type Placed, signRequest } from '@/lib/ledger/testing/requests';
import { BOB } from '@/lib/ledger/testing/signing';
import { createWorld } from '@/lib/ledger/testing/world';
import { type Figure, median } from './figure';

const MILLION = 1_000_000;

/** Rows in bulk: indexes are made afterwards, and sums by one statement instead of row by row. */
const inBulk = async (pool: Db['pool'], insert: () => Promise<void>): Promise<void> => {
  const { rows } = await pool.query<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'ledger_records' AND indexname <> 'ledger_records_pkey'",
  );
  await pool.query('ALTER TABLE ledger_records DISABLE TRIGGER USER');
  for (const { indexname } of rows) await pool.query(`DROP INDEX ${indexname}`);
  await insert();
  for (const { indexdef } of rows) await pool.query(indexdef);
  await pool.query('ALTER TABLE ledger_records ENABLE TRIGGER USER');
  // What autovacuum does to a table that grew slowly; it would otherwise run beside the measurement.
  for (const table of ['ledger_records', 'window_totals']) await pool.query(`VACUUM (ANALYZE) ${table}`);
  await pool.query('CHECKPOINT');
};

/** An organisation whose ledger is real; keys and people are those of a world in memory. */
const anOrganisation = async (db: Db) => {
  const oracle = testOracle();
  const world = createWorld({ oracleKeys: [oracle.publicKey], seed: 'bench', start: Date.now() });
  const { orgId, admin } = world;
  const prices = new Map<string, ReturnType<typeof oracle.price>>();
  // Signed once a second: the oracle is another process, and its signing is not the server's work.
  const priceAt = (network: string, second: number) => {
    const key = `${network} ${second}`;
    const price = prices.get(key) ?? oracle.price(network, second * 1000);
    prices.set(key, price);
    return price;
  };
  const composed = composeLedger(db, { price: async ({ network }) => priceAt(network, Math.floor(Date.now() / 1000)) });
  const { ledger } = composed;
  const ok = <T>(outcome: { ok: true; value: T } | { ok: false; refusal: unknown }): T => {
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
    return outcome.value;
  };
  ok(await ledger.append({ orgId, kind: 'genesis', body: world.genesis as unknown as Json }));
  const replica: Replica = emptyReplica(orgId);
  const catchUp = async (): Promise<Replica> => {
    while ((await sequenceOnce(db)) > 0);
    for (const item of await ledger.feed(orgId, (replica.head?.seq ?? -1) + 1, 100_000))
      extendReplica(replica, item.bytes, item.body, TEST_PORTS);
    return replica;
  };
  const sign = (operationId: string, params: { [name: string]: string }, body: Json): Placed =>
    signRequest({
      state: replica.state,
      signer: admin,
      operationId,
      params,
      body,
      at: Date.now(),
      random: world.random,
    });
  const send = ({ leaf, body }: Placed, operationId: string) => {
    if (!leaf.statement || !leaf.assertion) throw new Error('Not signed.');
    return ledger.submit({ orgId, operationId, statement: leaf.statement, assertion: leaf.assertion, body, query: {} });
  };
  const done = async (operationId: string, params: { [name: string]: string }, body: Json): Promise<string> => {
    await catchUp();
    return ok(await send(sign(operationId, params, body), operationId)).result.id;
  };
  const wallets = async (count: number): Promise<string[]> => {
    const made: string[] = [];
    await catchUp();
    for (let at = 0; at < count; at += 1) {
      const sent = ok(
        await send(sign('wallets.createWallet', {}, { network: 'EthereumSepolia' }), 'wallets.createWallet'),
      );
      made.push(sent.result.id);
    }
    for (const walletId of made) {
      const keyId = (await catchUp()).state.tables.wallet.get(walletId)?.keyId ?? '';
      const { certificate } = dealKey(keyId, world.genesis.k, world.nodes, 'bench');
      ok(
        await ledger.append({
          orgId,
          kind: 'keyCertificate',
          body: { keyId, certificate: certificate as unknown as Json },
        }),
      );
    }
    await catchUp();
    return made;
  };
  const velocity = (limit: number, timeframe: number, walletIds: readonly string[], kind: 'Block' | 'NoAction') =>
    done(
      'policies.createPolicy',
      {},
      {
        name: `at most ${limit} in ${timeframe} minutes`,
        activityKind: 'Wallets:Sign',
        rule: { kind: 'TransactionCountVelocity', configuration: { limit, timeframe } },
        action: { kind },
        filters: { walletId: { in: [...walletIds] } },
      },
    );
  return { orgId, catchUp, sign, send, wallets, velocity, close: composed.close };
};
type Organisation = Awaited<ReturnType<typeof anOrganisation>>;

const withWallets = async (
  db: Db,
  count: number,
  bench: (org: Organisation, walletIds: readonly string[]) => Promise<Figure[]>,
): Promise<Figure[]> => {
  const org = await anOrganisation(db);
  try {
    return await bench(org, await org.wallets(count));
  } finally {
    await org.close();
  }
};

/** Past requests of a wallet over thirty days, each worth a dollar, with the sums the triggers would have kept. */
const fillWindows = async (pool: Db['pool'], orgId: string, walletId: string, count: number): Promise<void> => {
  const now = Date.now();
  await pool.query(
    `INSERT INTO ledger_records (org_id, kind, id, leaf, record)
     SELECT $1, 'window', $2 || '-' || n, 0, jsonb_build_object('id', $2 || '-' || n, 'activityId', $2 || '-' || n, 'walletId', $2,
       'at', $3::bigint - (n * 2592000000.0 / $4::bigint)::bigint, 'settledAt', $3::bigint - (n * 2592000000.0 / $4::bigint)::bigint,
       'counts', true, 'usd', '1') FROM generate_series(1, $4::bigint) AS n`,
    [orgId, walletId, String(now - 60_000), String(count)],
  );
  await pool.query(
    `INSERT INTO window_totals (org_id, wallet_id, width, bucket, count, usd, unknown)
     SELECT $1, $2, width, floor(window_time(record) / (width * 60000.0))::bigint, count(*), count(*), 0
     FROM ledger_records, unnest(ARRAY[1, 60, 1440]) AS width
     WHERE org_id = $1 AND kind = 'window' AND record->>'walletId' = $2 GROUP BY 1, 2, 3, 4`,
    [orgId, walletId],
  );
};

/** Reading three windows (an hour, a day, thirty days) after 10² and after 10⁶ requests. */
export const benchVelocity = (db: Db, print: (line: string) => void): Promise<Figure[]> =>
  withWallets(db, 2, (org, walletIds) => {
    print('policy: windows after 10⁶ requests …');
    return velocity(db, org, walletIds);
  });

const velocity = async (db: Db, org: Organisation, walletIds: readonly string[]): Promise<Figure[]> => {
  const [few = '', many = ''] = walletIds;
  for (const minutes of [60, 1440, 43_200]) await org.velocity(9_000_000, minutes, walletIds, 'NoAction');
  await inBulk(db.pool, async () => {
    await fillWindows(db.pool, org.orgId, few, 100);
    await fillWindows(db.pool, org.orgId, many, MILLION);
  });
  const store = createLedgerStore(db);
  const counted = async (walletId: string): Promise<number> => {
    const at = Date.now();
    const state = await store.read(org.orgId, { walletIds: [walletId], at });
    return [60, 1440, 43_200].reduce(
      (sum, minutes) => sum + state.windows.total(walletId, { later: at - minutes * 60_000, countedNow: at }).count,
      0,
    );
  };
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 120; round += 1)
    for (const [which, walletId] of [few, many].entries()) {
      const started = performance.now();
      const found = await counted(walletId);
      if (found === 0) throw new Error('The windows are empty.');
      if (round >= 20) times[which]?.push(performance.now() - started);
    }
  const [small, large] = [median(times[0]), median(times[1])];
  return [
    { name: 'three spending windows after 10² requests', value: small, unit: 'ms' },
    { name: 'the same after 10⁶, against it', value: large / small, unit: '×', target: 1.5 },
  ];
};

const WRITERS = 8;

/** Runs the tasks with so many at a time. @returns tasks a second. */
const rate = async (tasks: readonly (() => Promise<unknown>)[]): Promise<number> => {
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let task = tasks[next++]; task; task = tasks[next++]) await task();
    }),
  );
  return tasks.length / ((performance.now() - started) / 1000);
};

/** The least that keeps a limit: lock the wallet's row, count it, write the request. */
const handWritten = (pool: Db['pool'], walletId: string) => async (): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ spent: number }>('SELECT spent FROM bench_wallets WHERE id = $1 FOR UPDATE', [
      walletId,
    ]);
    await client.query('UPDATE bench_wallets SET spent = $2 WHERE id = $1', [walletId, (rows[0]?.spent ?? 0) + 1]);
    await client.query('INSERT INTO bench_requests (wallet_id, body) VALUES ($1, $2)', [walletId, '{"amount":"5"}']);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
};

/**
 * Transfers admitted under a limit, beside three statements under a row's lock. Admitted is a signed request once its signature,
 * permission, price, policies and windows held and its activity, records, entry and job are committed. HTTP, bearer token and challenge,
 * which stand before that, are no part of it on either side (`npm run bench -- auth` measures them); nor is making the signatures.
 */
export const benchAdmission = (db: Db, print: (line: string) => void): Promise<Figure[]> =>
  withWallets(db, 20, (org, walletIds) => {
    print('policy: transfers under a limit …');
    return admission(db, org, walletIds);
  });

const admission = async (db: Db, org: Organisation, walletIds: readonly string[]): Promise<Figure[]> => {
  const limit = 40;
  await org.velocity(limit, 1440, walletIds, 'Block');
  await db.pool.query('CREATE TABLE bench_wallets (id TEXT PRIMARY KEY, spent INTEGER NOT NULL)');
  await db.pool.query('CREATE TABLE bench_requests (id BIGSERIAL PRIMARY KEY, wallet_id TEXT, body JSONB)');
  for (const walletId of walletIds) await db.pool.query('INSERT INTO bench_wallets VALUES ($1, 0)', [walletId]);
  await org.catchUp();
  const asked = (rounds: number) =>
    Array.from({ length: rounds }).flatMap(() =>
      walletIds.map((walletId) =>
        org.sign('wallets.transferAsset', { walletId }, { kind: 'Native', to: BOB, amount: '5' }),
      ),
    );
  const admitted: number[] = [];
  const rates: [number[], number[]] = [[], []];
  for (let round = 0; round < 5; round += 1) {
    const requests = asked(12);
    const own = await rate(
      requests.map((request) => async () => {
        const outcome = await org.send(request, 'wallets.transferAsset');
        admitted.push(outcome.ok ? 1 : 0);
      }),
    );
    const peer = await rate(requests.map((_, at) => handWritten(db.pool, walletIds[at % walletIds.length] ?? '')));
    rates[0].push(own);
    rates[1].push(peer);
  }
  const passed = admitted.reduce((sum, one) => sum + one, 0);
  const allowed = Math.min(admitted.length, limit * walletIds.length);
  if (passed !== allowed) throw new Error(`${passed} transfers were admitted where ${allowed} are allowed.`);
  const [own, peer] = [median(rates[0]), median(rates[1])];
  return [
    { name: 'transfers admitted, 8 at a time', value: own, unit: '/s' },
    { name: 'against three statements under a row lock', value: own / peer, unit: '×', target: 0.4, isFloor: true },
    { name: 'transfers above the limit', value: passed - allowed, unit: '×', target: 0 },
  ];
};

/** Approvals of twenty organisations, one in twenty of them pending. */
const fillApprovals = (pool: Db['pool']): Promise<unknown> =>
  pool.query(
    `INSERT INTO ledger_records (org_id, kind, id, leaf, record)
     SELECT 'or-queue-' || n % 20, 'approval', 'ap-' || n, 0, jsonb_build_object('id', 'ap-' || n, 'initiatorId', 'us-' || n % 7,
       'subject', jsonb_build_object('kind', 'Activity', 'id', 'xfr-' || n), 'status',
       CASE WHEN (n / 20) % 20 = 0 THEN 'Pending' ELSE 'Approved' END,
       'activityKind', 'Wallets:Sign', 'groups', '[]'::jsonb, 'evaluations', '[]'::jsonb, 'decisions', '[]'::jsonb,
       'dateCreated', n, 'dateUpdated', n) FROM generate_series(1, ${MILLION}) AS n`,
  );

/** Pages of the approval queue at four depths, all of it and what is pending. */
export const benchQueue = async (db: Db, print: (line: string) => void): Promise<Figure[]> => {
  print('policy: the queue at 10⁶ approvals …');
  await inBulk(db.pool, async () => void (await fillApprovals(db.pool)));
  const sql = pgSql(db.pool);
  const figures: Figure[] = [];
  for (const [name, filter] of [
    ['all', {}],
    ['pending', { status: 'Pending' }],
  ] as const) {
    const depths = name === 'all' ? [0, 100, 10_000, 49_900] : [0, 100, 1_000, 2_450];
    const { rows } = await db.pool.query<{ ordinal: string }>(
      `SELECT ordinal::text AS ordinal FROM ledger_records WHERE org_id = 'or-queue-3' AND kind = 'approval' ${name === 'all' ? '' : "AND record->>'status' = 'Pending'"} ORDER BY ledger_records.ordinal DESC`,
    );
    const times = depths.map((): number[] => []);
    // Depths alternate, so that a disturbance meets all of them.
    for (let round = 0; round < 110; round += 1)
      for (const [which, depth] of depths.entries()) {
        const before = depth === 0 ? {} : { before: rows[depth - 1]?.ordinal ?? '' };
        const started = performance.now();
        const page = await listRecords(sql, 'or-queue-3', 'approval', filter, { limit: 50, ...before });
        if (page.items.length !== 50) throw new Error(`A page of ${page.items.length} at depth ${depth}.`);
        if (round >= 10) times[which]?.push(performance.now() - started);
      }
    const medians = times.map((of) => median(of));
    figures.push(
      { name: `page of 50 of the approval queue at 10⁶ rows, ${name}, first page`, value: medians[0] ?? 0, unit: 'ms' },
      {
        name: `slowest of four depths against the fastest, ${name}`,
        value: Math.max(...medians) / Math.min(...medians),
        unit: '×',
        target: 1.5,
      },
    );
  }
  return figures;
};
