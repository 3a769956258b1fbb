import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/lib/db/embedded-postgres';
import { farDirectory } from '@/lib/db/embedded-postgres-paths';

const running: EmbeddedPostgres[] = [];
const directories: string[] = [];

const start = async (options: Parameters<typeof startEmbeddedPostgres>[0]): Promise<EmbeddedPostgres> => {
  const postgres = await startEmbeddedPostgres(options);
  running.push(postgres);
  return postgres;
};
const dataDirectory = (mode: number): string => {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'embedded-'));
  fs.chmodSync(parent, mode);
  directories.push(parent);
  return path.join(parent, 'data');
};
const query = async (url: string, text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

afterEach(async () => {
  for (const postgres of running.splice(0)) {
    await postgres.stop();
  }
  for (const parent of directories.splice(0)) {
    const dataDir = path.join(parent, 'data');
    if (process.getuid?.() === 0 && fs.existsSync(dataDir)) {
      const far = farDirectory(dataDir);
      for (const name of fs.existsSync(path.dirname(far)) ? fs.readdirSync(path.dirname(far)) : []) {
        if (name.startsWith(path.basename(far))) fs.rmSync(path.join(path.dirname(far), name), { recursive: true });
      }
    }
    fs.rmSync(parent, { recursive: true });
  }
});

describe('the embedded database', () => {
  test('keeps committed rows through a kill -9 of the server and offers the same URL again', async () => {
    const dataDir = dataDirectory(0o755);
    const first = await start({ dataDir });
    await query(first.url(), 'CREATE TABLE kept AS SELECT 42 AS n');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const second = await start({ dataDir, previous: first.access });
    expect(second.url()).toBe(first.url());
    expect(await query(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    expect(await query(second.url(), 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  });

  test('a server left over from a killed supervisor is stopped before the next one starts', async () => {
    const dataDir = dataDirectory(0o755);
    const first = await start({ dataDir });
    const second = await start({ dataDir, previous: first.access });
    await first.exited;
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('a pid file that names another living process does not prevent the start', async () => {
    const dataDir = dataDirectory(0o755);
    const first = await start({ dataDir });
    const pidFile = path.join(first.cluster.clusterDir, 'postmaster.pid');
    const text = fs.readFileSync(pidFile, 'utf8');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    fs.writeFileSync(pidFile, text.replace(/^\d+/, String(process.pid)));
    const second = await start({ dataDir, previous: first.access });
    expect(await query(second.url(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('a lost password is replaced, not the data', async () => {
    const dataDir = dataDirectory(0o755);
    const first = await start({ dataDir });
    await query(first.url(), 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start({ dataDir });
    expect(second.access.secretPassword).not.toBe(first.access.secretPassword);
    expect(await query(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  test('a wrong password is refused and nothing but the loopback interface listens', async () => {
    const postgres = await start({ dataDir: dataDirectory(0o755) });
    await expect(query(postgres.url().replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password/);
    expect(await query(postgres.url(), 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(postgres.url(), 'SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  });
});

describe.runIf(process.getuid?.() === 0)('a data directory that only root can reach', () => {
  test('has its database below /var/lib/countersign, readable by nobody else', async () => {
    const dataDir = dataDirectory(0o700);
    const first = await start({ dataDir });
    const far = farDirectory(dataDir);
    expect(first.cluster.clusterDir).toBe(path.join(far, 'postgres'));
    expect(fs.statSync(far).mode & 0o777).toBe(0o700);
    await query(first.url(), 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start({ dataDir, previous: first.access });
    expect(await query(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  test('refuses a database whose instance id is not its own', async () => {
    const dataDir = dataDirectory(0o700);
    const first = await start({ dataDir });
    await first.stop();
    fs.writeFileSync(path.join(farDirectory(dataDir), 'instance'), 'another\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/another one does/);
  });

  test('gets a new database after it was emptied, and the old one is kept aside', async () => {
    const dataDir = dataDirectory(0o700);
    const first = await start({ dataDir });
    await query(first.url(), 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    fs.rmSync(dataDir, { recursive: true });
    const second = await start({ dataDir });
    await expect(query(second.url(), 'SELECT n FROM kept')).rejects.toThrow(/does not exist/);
    const far = farDirectory(dataDir);
    expect(fs.readdirSync(path.dirname(far)).some((name) => name.startsWith(`${path.basename(far)}.left-`))).toBe(true);
  });
});
