import type { Db } from '@/lib/db/client';
import { BOB } from '@/lib/ledger/testing/signing';
import { type Figure, median } from './figure';
import { type Organisation, withWallets } from './organisation';

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
  withWallets(db, 21, async (org, [hot = '', ...others]) => {
    print('policy: transfers under a limit, 20 wallets …');
    const spread = await admission(db, org, others, { name: '20 wallets', target: 0.4 });
    print('policy: transfers under a limit, one wallet …');
    return [...spread, ...(await admission(db, org, [hot], { name: 'one wallet', target: 0.5 }))];
  });

/** Requests a round, for as many wallets as there are. */
const A_ROUND = 240;
const ROUNDS = 5;

const admission = async (
  db: Db,
  org: Organisation,
  walletIds: readonly string[],
  { name, target }: { readonly name: string; readonly target: number },
): Promise<Figure[]> => {
  // Two of three pass.
  const limit = (A_ROUND * ROUNDS * 2) / 3 / walletIds.length;
  await org.velocity(limit, 1440, walletIds, 'Block');
  await db.pool.query('DROP TABLE IF EXISTS bench_wallets, bench_requests');
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
  for (let round = 0; round < ROUNDS; round += 1) {
    const requests = asked(A_ROUND / walletIds.length);
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
    { name: `transfers admitted, ${name}, 8 at a time`, value: own, unit: '/s' },
    { name: `against three statements under a row lock, ${name}`, value: own / peer, unit: '×', target, isFloor: true },
    { name: `transfers above the limit, ${name}`, value: passed - allowed, unit: '×', target: 0 },
  ];
};
