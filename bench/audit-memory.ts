import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { useKnownNodes } from '@/lib/http/testing/checked';
import { anOrganisation, type TestPlatform } from '@/lib/http/testing/platform';
import { createWorld } from '@/lib/ledger/testing/world';
import type { Figure } from './figure';

const ENTRIES = 100_000;
const FORMATS = ['ndjson', 'csv'] as const;
const NAMES = { ndjson: 'NDJSON', csv: 'CSV' } as const;

/** Chained transfers behind an organisation's own entries, as the sequencer leaves them; what they say is always the same. */
const fill = async (platform: TestPlatform, orgId: string, userId: string): Promise<void> => {
  const world = createWorld();
  const body = { kind: 'Native', to: '0x00000000000000000000000000000000000000bb', amount: '5' };
  const { leaf, body: bytes } = world.request(world.admin, 'wallets.transferAsset', { walletId: world.wallet() }, body);
  const text = canonicalJson(leaf as unknown as Json).replaceAll(world.admin.userId, userId);
  const { pool } = platform.services.db;
  await pool.query(
    `INSERT INTO ledger_leaves (id, org_id, kind, content, body, seq, bytes, hash, root, tree)
     SELECT 'bench-' || n, $1, 'userAction', $2::text, $3::bytea, n, convert_to($2::text, 'UTF8'), md5(n::text) || md5(n::text), '', ''
     FROM generate_series((SELECT MAX(seq) + 1 FROM ledger_leaves WHERE org_id = $1), $4::int - 1) AS n`,
    [orgId, text, Buffer.from(bytes), ENTRIES],
  );
  await pool.query('UPDATE ledger_heads SET seq = $2 WHERE org_id = $1', [orgId, ENTRIES - 1]);
  await pool.query('VACUUM ANALYZE ledger_leaves');
};

/** The audit log of 10⁵ entries as a client takes it, from PostgreSQL through the front door; the memory is that of the whole server. */
export const benchAudit = async (platform: TestPlatform, print: (line: string) => void): Promise<Figure[]> => {
  print(`ledger: audit log of ${ENTRIES.toLocaleString('en')} entries …`);
  await useKnownNodes(platform);
  const admin = await anOrganisation(platform);
  await fill(platform, admin.orgId, admin.userId);
  const figures: Figure[] = [];
  for (const format of FORMATS) {
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const answer = await platform.app.request(`http://localhost:3000/x/audit/entries?format=${format}`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    let [lines, most] = [0, before];
    for await (const part of answer.body ?? []) {
      for (const byte of part) if (byte === 10) lines += 1;
      most = Math.max(most, process.memoryUsage().rss);
    }
    const expected = format === 'csv' ? ENTRIES + 1 : ENTRIES;
    if (lines !== expected) throw new Error(`${lines} lines came instead of ${expected}.`);
    const name = `audit log as ${NAMES[format]}, ${ENTRIES.toLocaleString('en')} entries`;
    figures.push(
      { name: `${name}, resident memory above that at rest`, value: (most - before) / 1e6, unit: 'MB', target: 120 },
      { name: `${name}, rate`, value: ENTRIES / ((performance.now() - started) / 1000), unit: '/s' },
    );
  }
  return figures;
};
