import { commandOf, isAlive, isGone } from '@/lib/db/embedded-postgres-leftover';

/**
 * Ends what a killed start left running, by the pids it noted. Only called by the holder of the data directory's lock, so none of
 * them can belong to a living start; a pid that is something else by now is left alone.
 * @returns the names of what was ended.
 */
export const stopLeftovers = async (pids: Readonly<Record<string, number>>): Promise<string[]> => {
  const left = Object.entries(pids).filter(
    ([name, pid]) => pid !== process.pid && OURS[kindOf(name)]?.test(commandOf(pid)) === true && isAlive(pid),
  );
  for (const [, pid] of left) signal(pid, 'SIGTERM');
  for (const [, pid] of left) if (!(await isGone(pid, 7000))) signal(pid, 'SIGKILL');
  for (const [, pid] of left) await isGone(pid, 2000);
  return left.map(([name]) => name);
};

const worker = (name: string) => new RegExp(`workers/(${name}\\.ts|[0-9a-f]+/${name}\\.js)`);

// PostgreSQL is not among them: the embedded database finds and stops its own.
const OURS: Readonly<Record<string, RegExp>> = {
  anvil: /anvil .*--state /,
  ...Object.fromEntries(
    ['server', 'coordinator', 'sequencer', 'broadcaster', 'scheduler', 'webhooks', 'oracle', 'signer'].map((name) => [
      name,
      worker(name),
    ]),
  ),
};

const kindOf = (name: string): string => name.replace(/-\d+$/, '');

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
};
