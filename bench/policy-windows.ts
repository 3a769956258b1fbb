import type { Db } from '@/lib/db/client';
import { createLedgerStore } from '@/lib/db/ledger-store';
import { type Figure, median } from './figure';
import { inBulk, MILLION } from './in-bulk';
import { type Organisation, withWallets } from './organisation';

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
