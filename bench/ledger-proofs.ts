import { randomInt } from 'node:crypto';
import type { Db } from '@/lib/db/client';
import { proveEntry } from '@/lib/db/ledger-proofs';
import { pgSql } from '@/lib/db/sql';
import { EMPTY_FRONTIER, extendFrontier, frontierRoot } from '@/lib/ledger/merkle';
import { verifyInclusion } from '@/lib/ledger/merkle-proofs';
import { type Figure, median } from './figure';

const ENTRIES = 1_000_000;
const BATCH = 20_000;
const ORG = 'or-million';
const PROOFS = 500;

/** A million chained rows with small entries: a proof reads none of them. */
const fill = async (pool: Db['pool'], print: (line: string) => void): Promise<string> => {
  let frontier = EMPTY_FRONTIER;
  let root = '';
  for (let from = 0; from < ENTRIES; from += BATCH) {
    if (from % 200_000 === 0) print(`ledger: ${from} of ${ENTRIES} entries …`);
    const rows = Array.from({ length: BATCH }, (_, i) => {
      const bytes = Buffer.from(`{"bench":${from + i}}`);
      const extended = extendFrontier(frontier, bytes);
      frontier = extended.frontier;
      if (from + i === ENTRIES - 1) root = frontierRoot(frontier);
      return { seq: from + i, bytes: bytes.toString('hex'), tree: Buffer.concat(extended.completed).toString('hex') };
    });
    await pool.query(
      `INSERT INTO ledger_leaves (id, org_id, kind, content, body, seq, bytes, hash, root, tree)
       SELECT $1 || seq, $1, 'userAction', '', '', seq, decode(bytes, 'hex'), $3, CASE WHEN seq = $4 THEN $5 ELSE $3 END, decode(tree, 'hex')
       FROM jsonb_to_recordset($2::jsonb) AS item(seq bigint, bytes text, tree text)`,
      [ORG, JSON.stringify(rows), '0'.repeat(64), ENTRIES - 1, root],
    );
  }
  await pool.query('ANALYZE ledger_leaves');
  return root;
};

/** Proofs of random entries of a ledger of 10⁶, with the database's answer in the time. */
export const benchProofs = async (pool: Db['pool'], print: (line: string) => void): Promise<Figure[]> => {
  const root = await fill(pool, print);
  const sql = pgSql(pool);
  const times: number[] = [];
  for (let i = 0; i < PROOFS; i += 1) {
    const seq = randomInt(ENTRIES);
    const started = performance.now();
    const proof = await proveEntry(sql, ORG, seq, ENTRIES - 1);
    times.push(performance.now() - started);
    if (!proof || !verifyInclusion({ ...proof, size: ENTRIES, root })) throw new Error(`No proof of entry ${seq}.`);
  }
  return [{ name: 'inclusion proof at 10⁶ entries', value: median(times.slice(50)), unit: 'ms', target: 1 }];
};
