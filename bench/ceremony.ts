import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eachLine } from '@/lib/compose/child';
import { composeLedger } from '@/lib/compose/ledger';
import { createDb } from '@/lib/db/client';
import { startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { getRecord } from '@/lib/db/records';
import { listSignerNodes } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { dealPairs, generateKey, signingMachines, simulate } from '@/lib/mpc/simulation';
import { createOrganisation, until } from '@/lib/signer/testing/cluster';
import { migrate } from '@/prisma/migrate';
import { median } from './figure';

/**
 * Where the time of a signature goes: four signer processes, the coordinator and the sequencer as processes of their own, PostgreSQL
 * with its disk writes, nothing else. After each signature through the relay one of the same protocol in one process, so that both
 * columns see the same machine. `RUNS` signatures (20); `PROFILE_DIR` writes CPU profiles of every process there.
 */
const RUNS = Number(process.env.RUNS ?? 20);
const WARM_UP = 4;
const KEYS = 5;
const K = 3;
const N = 4;

const main = async (): Promise<void> => {
  const root = path.resolve(import.meta.dirname, '..');
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-ceremony-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const databaseUrl = postgres.url();
  await migrate(databaseUrl);
  const db = createDb({ url: databaseUrl });
  const { ledger, close } = composeLedger(db);
  const sql = pgSql(db.pool);
  const signed: Timed[] = [];
  const profile = process.env.PROFILE_DIR;
  const start = (entry: string, own: Readonly<Record<string, string>> = {}) => {
    const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}/${entry}${own.SIGNER ?? ''}`] : [];
    const child = spawn(process.execPath, [...flags, '--import', 'tsx', `workers/${entry}.ts`], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PROFILE: 'single-machine',
        DATA_DIR: dataDir,
        SIGNERS: String(N),
        THRESHOLD: String(K),
        ...own,
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (child.stdout)
      eachLine(child.stdout, (line) => {
        const times = /ceremonyMs=(\d+) acceptMs=(\d+) ledgerMs=(\d+)/.exec(line);
        if (times)
          signed.push({ ceremonyMs: Number(times[1]), acceptMs: Number(times[2]), ledgerMs: Number(times[3]) });
        else if (/WARN|ERROR|FATAL/.test(line)) process.stderr.write(`${entry} ${line}\n`);
      });
    const ready = new Promise<void>((resolve) => child.once('message', () => resolve()));
    return { child, ready };
  };

  const coordinator = start('coordinator', { DATABASE_URL: databaseUrl });
  const sequencer = start('sequencer', { DATABASE_URL: databaseUrl });
  await Promise.all([coordinator.ready, sequencer.ready]);
  const signers = Array.from({ length: N }, (_, i) => start('signer', { SIGNER: String(i + 1) }));
  const all = [coordinator, sequencer, ...signers];
  try {
    await until(async () => {
      const nodes = await listSignerNodes(sql);
      return (
        nodes.length === N &&
        nodes.every(({ pairs }) => pairs.filter(({ epochs }) => epochs.length > 0).length === N - 1)
      );
    }, 300_000);
    const nodes = new Map((await listSignerNodes(sql)).map((row) => [row.node, row]));
    const organisation = await createOrganisation(ledger, { k: K, n: N, nodes });
    const { orgId } = organisation;
    const isActive = async (keyId: string) => (await getRecord(sql, orgId, 'key', keyId))?.status === 'Active';
    const isSigned = async (id: string) => (await getRecord(sql, orgId, 'activity', id))?.status === 'Released';

    const keyTimes: number[] = [];
    let keyId = '';
    for (let i = 0; i < KEYS; i += 1) {
      const started = performance.now();
      keyId = await organisation.key();
      await until(() => isActive(keyId), 60_000);
      keyTimes.push(performance.now() - started);
    }
    report('wallet creation, request → active key', keyTimes);
    const parties = [1, 2, 3];
    const dealt = dealPairs(parties, 'bench');
    const key = generateKey(K, [1, 2, 3, 4], 'bench');
    const alone: number[] = [];
    const requests: number[] = [];
    const cpu: number[] = [];
    const aloneCpu: number[] = [];
    for (let run = 0; run < WARM_UP + RUNS; run += 1) {
      const before = cpuMs(signers.map(({ child }) => child.pid));
      const seen = signed.length;
      const started = performance.now();
      await until(isSignedWhenAsked(await organisation.signature(keyId), isSigned), 60_000);
      await until(() => signed.length > seen);
      const took = performance.now() - started;
      const used = cpuMs(signers.map(({ child }) => child.pid)) - before;
      const machines = signingMachines(key, dealt, parties, `bench ${run}`);
      const begun = performance.now();
      const own = process.cpuUsage();
      simulate(machines);
      if (run < WARM_UP) continue;
      alone.push(performance.now() - begun);
      const { user, system } = process.cpuUsage(own);
      aloneCpu.push((user + system) / 1_000);
      cpu.push(used);
      requests.push(took);
    }
    const timed = signed.slice(-RUNS);
    const ceremonies = timed.map(({ ceremonyMs }) => ceremonyMs);
    report('request → released', requests);
    report(
      'ledger part: reserve and checkpoint',
      timed.map(({ ledgerMs }) => ledgerMs),
    );
    report('ceremony: first ACCEPT → signature', ceremonies);
    report(
      '  of it until all have accepted',
      timed.map(({ acceptMs }) => acceptMs),
    );
    report('the same protocol in one process', alone);
    report('CPU of the four signers, a signature', cpu);
    report('CPU of the same in one process', aloneCpu);
    console.log(
      `ratio of medians ${(median(ceremonies) / median(alone)).toFixed(2)}, of fastest ${(Math.min(...ceremonies) / Math.min(...alone)).toFixed(2)}; load ${os.loadavg()[0]?.toFixed(1)}`,
    );
  } finally {
    await Promise.all(
      all.map(({ child }) => {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        return gone;
      }),
    );
    await close();
    await db.close();
    await postgres.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
};

type Timed = { readonly ceremonyMs: number; readonly acceptMs: number; readonly ledgerMs: number };

const isSignedWhenAsked = (id: string, isSigned: (id: string) => Promise<boolean>) => () => isSigned(id);

/** CPU time the processes have used so far, milliseconds; NaN where /proc is missing. A tick is 10 ms. */
const cpuMs = (pids: readonly (number | undefined)[]): number =>
  pids.reduce<number>((sum, pid) => {
    const file = `/proc/${pid}/stat`;
    if (!fs.existsSync(file)) return Number.NaN;
    const fields = fs.readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + 10 * (Number(fields[11]) + Number(fields[12]));
  }, 0);

const report = (name: string, times: readonly number[]): void => {
  const figures = [median(times), Math.min(...times)].map((ms) => ms.toFixed(0).padStart(6));
  console.log(`${name.padEnd(40)} median ${figures[0]} ms, fastest ${figures[1]} ms`);
};

await main();
