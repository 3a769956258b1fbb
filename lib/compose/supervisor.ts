import net from 'node:net';
import { anvilSpec, LOCAL_NETWORK } from '@/lib/compose/anvil';
import { type Child, type ChildSpec, superviseChild } from '@/lib/compose/child';
import { checkInstance, lockDataDirectory } from '@/lib/compose/instance';
import { stopLeftovers } from '@/lib/compose/leftovers';
import { buildIfStale } from '@/lib/compose/next-build';
import { partsOf } from '@/lib/compose/parts';
import { ConfigurationError } from '@/lib/compose/process';
import { type SupervisedPostgres, supervisePostgres } from '@/lib/compose/supervised-postgres';
import { buildWorkersIfStale } from '@/lib/compose/worker-build';
import { freePort } from '@/lib/db/embedded-postgres';
import { type Environment, readEnvironment } from '@/lib/env';
import { type RunFile, readRunFile, writeRunFile } from '@/lib/run-file';
import { migrate } from '@/prisma/migrate';

export type SupervisorOptions = {
  env: Environment;
  /** Absolute path of the repository. */
  root: string;
  /** Writes one line of output. */
  print: (line: string) => void;
  /** Makes the token of the one-time set-up link if the database holds no organisation yet. */
  createSetupToken?: (databaseUrl: string) => Promise<string | undefined>;
};

export type Supervisor = {
  /** Resolves when the system answers that it is ready. Rejects if it can't become ready, after stopping what was started. */
  ready: Promise<void>;
  /** Stops everything, the database last. */
  stop: () => Promise<void>;
};

const CHILD_GRACE_MS = 7000;

/** Runs the whole system on this machine (profile `single-machine`). */
export const startSupervisor = (options: SupervisorOptions): Supervisor => {
  const children: Child[] = [];
  const run = { postgres: undefined as Promise<SupervisedPostgres> | undefined, isStopping: false, release: () => {} };
  const say = (name: string, line: string) => options.print(`${name.padEnd(12)}| ${line}`);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      run.isStopping = true;
      await Promise.all(children.map((child) => child.stop(CHILD_GRACE_MS)));
      await run.postgres?.then(
        (postgres) => postgres.stop(),
        () => {}, // it never ran; whoever started it hears why
      );
      run.release();
    })();
    return stopped;
  };

  const assertRunning = () => {
    if (run.isStopping) throw new StoppedError();
  };

  const start = async (): Promise<void> => {
    let env = options.env;
    const lock = lockDataDirectory(env.dataDir);
    const notes = checkInstance(env);
    for (const note of notes) say('start', note);
    const previous = readRunFile(env.dataDir);
    for (const name of await stopLeftovers(previous.pids))
      say('start', `ended ${name}, left over from a start that was killed`);
    env = { ...env, ...(await choosePort(env)) };
    const file: RunFile = {
      ...previous,
      serverUrl: `http://localhost:${env.port}`,
      anvilUrl: undefined,
      pids: { start: process.pid },
    };
    const save = () => writeRunFile(env.dataDir, file);
    const onPid = (name: string, pid: number | undefined) => {
      if (pid === undefined) delete file.pids[name];
      else file.pids[name] = pid;
      save();
    };
    run.release = () => {
      file.pids = {};
      save();
      lock.release();
    };
    save();
    const launch = (spec: ChildSpec): Child => {
      assertRunning();
      const child = superviseChild(spec, { onLine: say, onPid });
      children.push(child);
      return child;
    };

    const build = async (): Promise<string> => {
      const { dir, isNew } = await buildWorkersIfStale(options.root);
      if (isNew) say('build', 'built the parts');
      await buildIfStale(options.root, (line) => say('build', line));
      return dir;
    };
    const database = async (): Promise<string> => {
      if (!env.databaseUrl) {
        run.postgres = supervisePostgres({ dataDir: env.dataDir, previous: previous.postgres, say, onPid });
        file.postgres = (await run.postgres).access;
      }
      const url = env.databaseUrl ?? (await run.postgres)?.url ?? '';
      for (const name of await migrate(url)) say('start', `migration ${name} applied`);
      return url;
    };
    const rpcUrls = { ...env.rpcUrls };
    const chain = async (): Promise<void> => {
      if (!env.anvil.enabled) return;
      const port = env.anvil.port ?? (await freePort(portOf(previous.anvilUrl)));
      file.anvilUrl = `http://127.0.0.1:${port}`;
      rpcUrls[LOCAL_NETWORK] ??= file.anvilUrl;
      await launch(anvilSpec({ dataDir: env.dataDir, port })).ready;
    };
    const [entries, databaseUrl] = await Promise.all([build(), database(), chain()]);
    assertRunning();
    file.databaseUrl = databaseUrl;
    file.relayUrl = env.relayUrl ?? `ws://127.0.0.1:${await freePort(portOf(previous.relayUrl))}`;
    file.oracleUrl = env.oracleUrl ?? `http://127.0.0.1:${await freePort(portOf(previous.oracleUrl))}`;
    save();

    const addresses = { databaseUrl, relayUrl: file.relayUrl, oracleUrl: file.oracleUrl, rpcUrls };
    const { platform, signers, missing } = partsOf(options.root, entries, env, addresses);
    if (missing.length > 0) say('start', `not in this version: ${missing.join(', ')}`);
    const launched = platform.map(launch);
    const platformReady = Promise.all(launched.map((child) => child.ready));
    // A node that finds nobody to dial waits longer before each further try.
    const coordinator = launched.find((child) => child.name === 'coordinator');
    await Promise.race([coordinator?.ready, platformReady]);
    await Promise.all([platformReady, ...signers.map((spec) => launch(spec).ready)]);
    if (missing.includes('server')) throw new ConfigurationError('There is no server to start.');
    await untilReady(`http://127.0.0.1:${env.port}/health/ready`, assertRunning, (reason) => say('start', reason));
    const token = await options.createSetupToken?.(databaseUrl);
    options.print(`ready http://localhost:${env.port}/console`);
    if (token) options.print(`set-up http://localhost:${env.port}/console/setup#${token}`);
  };

  const ready = start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { ready, stop };
};

/** Thrown out of a start that was asked to stop meanwhile. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  constructor() {
    super('The start was stopped before the system was ready.');
  }
}

/** With `PORT=0` any free port is taken; a taken one is refused before anything starts. */
const choosePort = async (env: Environment): Promise<Partial<Environment>> => {
  if (env.port === 0) {
    const port = await freePort();
    const { publicUrl, origins, rpId } = readEnvironment({ ...process.env, PORT: String(port) });
    return { port, publicUrl, origins, rpId };
  }
  if (await isTaken(env.port)) throw new ConfigurationError(`Port ${env.port} is in use; set PORT to another one.`);
  return {};
};

const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(true));
    probe.listen({ port }, () => probe.close(() => resolve(false)));
  });

const portOf = (url: string | undefined): number | undefined => {
  const port = url === undefined ? 0 : Number(new URL(url).port);
  return port > 0 ? port : undefined;
};

const READY_POLL_MS = 200;
const READY_REPORT_MS = 20_000;

/** Waits for 200, and says now and then what it is waiting for. */
const untilReady = async (url: string, assertRunning: () => void, report: (reason: string) => void): Promise<void> => {
  let reportAt = performance.now() + READY_REPORT_MS;
  for (;;) {
    assertRunning();
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
      async (response) =>
        response.status === 200 ? undefined : `${response.status} ${(await response.text()).slice(0, 500)}`,
      (error: Error) => error.message,
    );
    if (answer === undefined) return;
    if (performance.now() > reportAt) {
      report(`waiting for /health/ready: ${answer}`);
      reportAt = performance.now() + READY_REPORT_MS;
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
};
