import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { stopLeftover } from '@/lib/db/embedded-postgres-leftover';
import { type Cluster, EmbeddedPostgresError, farDirectory, resolveCluster } from '@/lib/db/embedded-postgres-paths';

/** A running PostgreSQL that this process started. It listens on 127.0.0.1 only and asks for a password (SCRAM). */
export type EmbeddedPostgres = {
  pid: number;
  access: PostgresAccess;
  /** Connection URL of a database of the cluster; the platform's own unless named. Contains the password. */
  url: (database?: string) => string;
  cluster: Cluster;
  /** Resolves when the server is gone, however it went. */
  exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, committed ones are safe. Resolves when the server is gone. */
  stop: () => Promise<void>;
  /** Lets this process end while the server goes on; what it logs is lost from here. */
  release: () => void;
};

/** What a later start needs to offer the same URL again; keep it in a file only its owner may read. */
export type PostgresAccess = { port: number; secretPassword: string };

export type StartOptions = {
  /** Absolute path. */
  dataDir: string;
  /** From an earlier start. Without it, or when the port is taken, new ones are made. */
  previous?: Partial<PostgresAccess>;
  onLog?: (line: string) => void;
  /** Extra server settings, e.g. `{ max_connections: '50' }`. */
  settings?: Readonly<Record<string, string>>;
};

export const EMBEDDED_DATABASE = 'countersign';
const ROLE = 'countersign';

/**
 * Starts the embedded database of a data directory, creating it the first time.
 * A server left over from a killed supervisor is stopped first; after a kill of the server itself PostgreSQL recovers by its log.
 * @throws {EmbeddedPostgresError} if it can't be started.
 */
export const startEmbeddedPostgres = async (options: StartOptions): Promise<EmbeddedPostgres> => {
  if (fs.existsSync(options.dataDir)) await stopLeftover(path.join(farDirectory(options.dataDir), 'postgres'));
  const cluster = resolveCluster(options.dataDir);
  await stopLeftover(cluster.clusterDir);
  const isNew = !fs.existsSync(path.join(cluster.clusterDir, 'PG_VERSION'));
  const secretPassword = options.previous?.secretPassword ?? randomBytes(24).toString('base64url');
  if (isNew) initialise(cluster, secretPassword);
  else if (options.previous?.secretPassword === undefined) replacePassword(cluster, secretPassword);
  const port = await freePort(options.previous?.port);
  const { child, exited } = await serve(cluster, port, options);
  const url = (database = EMBEDDED_DATABASE) => `postgresql://${ROLE}:${secretPassword}@127.0.0.1:${port}/${database}`;
  await createDatabaseIfMissing(url('postgres'), EMBEDDED_DATABASE);
  const stop = async () => {
    child.kill('SIGINT');
    await exited;
  };
  const release = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.unref();
  };
  return { pid: child.pid ?? 0, access: { port, secretPassword }, url, cluster, exited, stop, release };
};

/** A port of 127.0.0.1 that is free now: the wanted one if possible. */
export const freePort = (wanted?: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (wanted !== undefined && error.code === 'EADDRINUSE') resolve(freePort());
      else reject(error);
    });
    probe.listen({ port: wanted ?? 0, host: '127.0.0.1' }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

// Nothing of this process's environment but the path: it may hold secrets that a database has no use for.
const serverEnvironment = (): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
});

const initialise = (cluster: Cluster, secretPassword: string): void => {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-'));
  const passwordFile = path.join(scratch, 'password');
  try {
    fs.writeFileSync(passwordFile, `${secretPassword}\n`, { mode: 0o600 });
    if (cluster.account)
      for (const p of [scratch, passwordFile]) fs.chownSync(p, cluster.account.uid, cluster.account.gid);
    // An interrupted initdb leaves files behind without PG_VERSION being complete; nothing of value can lie there.
    for (const name of fs.readdirSync(cluster.clusterDir))
      fs.rmSync(path.join(cluster.clusterDir, name), { recursive: true });
    const args = [
      '-D',
      cluster.clusterDir,
      '-U',
      ROLE,
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
    ];
    const run = spawnSync(path.join(cluster.nativeDir, 'bin', 'initdb'), args, {
      ...cluster.account,
      cwd: '/',
      env: serverEnvironment(),
      encoding: 'utf8',
    });
    if (run.status !== 0)
      throw new EmbeddedPostgresError(`initdb failed: ${run.stderr}${run.stdout}${run.error ?? ''}`);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
};

/** Gives the role a new password without knowing the old one: the run file is allowed to get lost, the data are not. */
const replacePassword = (cluster: Cluster, secretPassword: string): void => {
  const run = spawnSync(
    path.join(cluster.nativeDir, 'bin', 'postgres'),
    ['--single', '-D', cluster.clusterDir, 'postgres'],
    {
      ...cluster.account,
      cwd: '/',
      env: serverEnvironment(),
      input: `ALTER ROLE ${ROLE} PASSWORD '${secretPassword}'\n`,
      encoding: 'utf8',
    },
  );
  if (run.status !== 0)
    throw new EmbeddedPostgresError(`The password of the embedded database could not be replaced: ${run.stderr}`);
};

const serve = async (
  cluster: Cluster,
  port: number,
  options: StartOptions,
): Promise<{ child: ChildProcess; exited: Promise<void> }> => {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...options.settings,
  };
  const args = ['-D', cluster.clusterDir, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const deadline = Date.now() + 60_000;
  for (;;) {
    const attempt = await serveOnce(
      path.join(cluster.nativeDir, 'bin', 'postgres'),
      args,
      cluster,
      options.onLog ?? (() => {}),
    );
    if (attempt.ready) return attempt;
    // Children of a killed server hold its shared memory for a moment longer.
    const isTemporary = /shared memory block|still in use|lock file/.test(attempt.log);
    if (!isTemporary || Date.now() > deadline)
      throw new EmbeddedPostgresError(`PostgreSQL did not start: ${attempt.log.trim()}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};

const serveOnce = (binary: string, args: string[], cluster: Cluster, onLog: (line: string) => void) => {
  // Detached: Ctrl-C in a terminal reaches the whole group, and the database must outlive those who use it.
  const child = spawn(binary, args, {
    ...cluster.account,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise<{ ready: boolean; log: string; child: ChildProcess; exited: Promise<void> }>((resolve, reject) => {
    let log = '';
    let ready = false;
    const read = (chunk: Buffer) => {
      const text = chunk.toString();
      for (const line of text.split('\n')) if (line.trim() !== '') onLog(line);
      if (ready) return;
      log += text;
      ready = log.includes('ready to accept connections');
      if (ready) resolve({ ready, log, child, exited });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('close', () => resolve({ ready: false, log, child, exited }));
  });
};

const createDatabaseIfMissing = async (url: string, name: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
};
