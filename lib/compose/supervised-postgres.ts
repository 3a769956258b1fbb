import { type EmbeddedPostgres, type PostgresAccess, startEmbeddedPostgres } from '@/lib/db/embedded-postgres';

export type SupervisedPostgres = {
  access: PostgresAccess;
  /** Of the platform's database; stays the same across restarts. */
  url: string;
  stop: () => Promise<void>;
};

const RESTART_MS = 1000;

/** Runs the embedded database and starts it again at the same address when it dies: PostgreSQL recovers by its own log. */
export const supervisePostgres = async (options: {
  dataDir: string;
  previous?: Partial<PostgresAccess>;
  say: (name: string, line: string) => void;
  onPid: (name: string, pid: number | undefined) => void;
}): Promise<SupervisedPostgres> => {
  const say = (line: string) => options.say('postgres', line);
  let isStopping = false;
  let current: EmbeddedPostgres | undefined;
  let restarting: Promise<void> | undefined;

  const launch = async (previous?: Partial<PostgresAccess>): Promise<EmbeddedPostgres> => {
    const postgres = await startEmbeddedPostgres({
      dataDir: options.dataDir,
      previous,
      onLog: (line) => isWorthSaying(line) && say(line),
    });
    if (current && postgres.access.port !== current.access.port) {
      // Everybody knows the old address: another one would be of no use.
      await postgres.stop();
      throw new Error(`port ${current.access.port} is in use`);
    }
    options.onPid('postgres', postgres.pid);
    void postgres.exited.then(() => {
      options.onPid('postgres', undefined);
      if (!isStopping) restarting = restart(postgres.access);
    });
    return postgres;
  };
  const restart = async (access: PostgresAccess): Promise<void> => {
    for (;;) {
      say(`ended, starting again in ${RESTART_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      if (isStopping) return;
      try {
        current = await launch(access);
        return;
      } catch (error) {
        say(`could not start: ${error instanceof Error ? error.message : error}`);
      }
    }
  };

  const first = await launch(options.previous);
  current = first;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await restarting;
    await current?.stop();
  };
  return { access: first.access, url: first.url(), stop };
};

/** Its routine messages say nothing to an operator. */
const isWorthSaying = (line: string): boolean =>
  !/ LOG: {2}(?!.*(recovery|interrupted|not properly shut down))/.test(line);
