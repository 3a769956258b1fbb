import type { Db } from '@/lib/db/client';
import { listRecords } from '@/lib/db/records';
import { pgSql } from '@/lib/db/sql';
import { type Figure, median } from './figure';
import { inBulk, MILLION } from './in-bulk';

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
