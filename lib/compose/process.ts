import { type Environment, EnvironmentError, EXIT_CONFIGURATION, readEnvironment } from '@/lib/env';
import { createLogger, type Logger } from '@/lib/logger';

export type ProcessContext = { name: string; env: Environment; log: Logger };
export type RunningProcess = {
  /** Lets go of everything within a few seconds. */
  stop: () => Promise<void>;
  /** Settles if the work ends by itself; a rejection ends the process with code 1. */
  finished?: Promise<void>;
};

/** The configuration makes starting impossible: starting again would not help. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const STOP_GRACE_MS = 6000;

/**
 * The frame of every worker: reads the environment, starts, tells the supervisor that it is ready, and stops in order on SIGTERM,
 * SIGINT or when its supervisor is gone. Exit codes: 0 stopped, 1 failed (worth a restart), 78 wrongly configured.
 */
export const runProcess = async (
  name: string,
  start: (context: ProcessContext) => Promise<RunningProcess>,
): Promise<void> => {
  const env = readEnvironmentOrExit(name);
  const title = env.signer === undefined ? name : `${name}-${env.signer}`;
  const log = createLogger({ name: title, level: env.logLevel, production: env.production && !isSupervised() });
  const die = (err: unknown): never => {
    log.fatal({ err }, 'unexpected error, ending');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
  let running: RunningProcess | undefined;
  let isStopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.debug({ reason }, 'stopping');
    setTimeout(() => process.exit(1), STOP_GRACE_MS).unref();
    await running?.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  // In a terminal Ctrl-C reaches every process at once; under a supervisor it alone decides the order.
  process.on('SIGINT', () => isSupervised() || void stop('SIGINT'));
  // A killed supervisor can't stop anybody: whoever loses it ends by itself.
  process.on('disconnect', () => void stop('the supervisor is gone'));
  try {
    running = await start({ name: title, env, log });
  } catch (error) {
    if (error instanceof ConfigurationError) exitWrongly(title, error.message);
    log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
  running.finished?.then(() => stop('finished'), die);
  process.send?.({ ready: true });
};

const isSupervised = (): boolean => process.send !== undefined;

/** Reads the environment, or ends the process with one sentence on what is wrong. */
export const readEnvironmentOrExit = (name: string): Environment => {
  try {
    return readEnvironment();
  } catch (error) {
    if (error instanceof EnvironmentError) exitWrongly(name, error.message);
    throw error;
  }
};

const exitWrongly = (name: string, message: string): never => {
  process.stderr.write(`${name}: ${message}\n`);
  process.exit(EXIT_CONFIGURATION);
};
