import { type ChildProcess, spawn } from 'node:child_process';
import { EXIT_CONFIGURATION } from '@/lib/env';

export type ChildSpec = {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** How the child shows that it is ready: a message `{ ready: true }` over IPC, or a probe asked again and again. */
  readiness: 'message' | (() => Promise<boolean>);
};

export type ChildEvents = {
  onLine: (name: string, line: string) => void;
  /** A process started (pid) or ended (undefined). */
  onPid: (name: string, pid: number | undefined) => void;
};

export type Child = {
  name: string;
  /** Resolves when the child is ready for the first time; rejects if it is wrongly configured or stopped before. */
  ready: Promise<void>;
  /** Ends it in order, by force after `graceMs`. Resolves when it is gone. */
  stop: (graceMs: number) => Promise<void>;
};

export class ChildConfigurationError extends Error {
  override readonly name = 'ChildConfigurationError';
}

const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MAX_MS = 30_000;
const STABLE_AFTER_MS = 60_000;

/** Keeps one process running: restarted after 1 s, 2 s … 30 s, from the start again once it was up for a minute; never after exit code 78. */
export const superviseChild = (spec: ChildSpec, events: ChildEvents): Child => {
  let current: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let backoffMs = BACKOFF_FIRST_MS;
  let isStopping = false;
  let markReady = () => {};
  let markFailed = (_error: Error) => {};
  const ready = new Promise<void>((resolve, reject) => {
    markReady = resolve;
    markFailed = reject;
  });
  ready.catch(() => {}); // whoever waits hears of it; nobody has to

  const launch = (): void => {
    const startedAt = performance.now();
    const stdio =
      spec.readiness === 'message'
        ? (['ignore', 'pipe', 'pipe', 'ipc'] as const)
        : (['ignore', 'pipe', 'pipe'] as const);
    const child = spawn(spec.command, spec.args, { env: spec.env, cwd: spec.cwd, stdio: [...stdio] });
    current = child;
    if (child.pid !== undefined) events.onPid(spec.name, child.pid);
    for (const stream of [child.stdout, child.stderr])
      if (stream) eachLine(stream, (line) => events.onLine(spec.name, line));
    if (spec.readiness === 'message') child.on('message', (message) => isReadyMessage(message) && markReady());
    else void probe(child, spec.readiness).then((isReady) => isReady && markReady());
    let isOver = false;
    const over = (how: string, code?: number | null) => {
      if (isOver) return;
      isOver = true;
      current = undefined;
      events.onPid(spec.name, undefined);
      if (isStopping) return;
      if (code === EXIT_CONFIGURATION) {
        events.onLine(spec.name, 'is wrongly configured and stays down');
        markFailed(new ChildConfigurationError(`${spec.name} is wrongly configured.`));
        return;
      }
      if (performance.now() - startedAt > STABLE_AFTER_MS) backoffMs = BACKOFF_FIRST_MS;
      events.onLine(spec.name, `${how}, starting again in ${backoffMs / 1000} s`);
      timer = setTimeout(launch, backoffMs);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
    };
    child.once('error', (error) => over(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => over(signal ? `was ended by ${signal}` : `ended with code ${code}`, code));
  };

  const stop = async (graceMs: number): Promise<void> => {
    isStopping = true;
    clearTimeout(timer);
    markFailed(new Error(`${spec.name} was stopped.`));
    const child = current;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(force);
  };

  launch();
  return { name: spec.name, ready, stop };
};

const isReadyMessage = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;

const PROBE_MS = 50;
const probe = async (child: ChildProcess, isReady: () => Promise<boolean>): Promise<boolean> => {
  while (child.exitCode === null && child.signalCode === null) {
    if (await isReady().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
  }
  return false;
};

/** Calls back for every whole line, however the stream was cut into chunks. */
export const eachLine = (stream: NodeJS.ReadableStream, onLine: (line: string) => void): void => {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  });
  stream.on('end', () => {
    if (rest.trim() !== '') onLine(rest);
  });
};
