import path from 'node:path';
import { migrate } from '@/prisma/migrate';
import { databaseUrl } from './database-url';
import { buildIfStale } from './next-build';
import type { ProcessContext, RunningProcess } from './process';
import { repositoryRoot, startServer } from './server';
import { setupTokenFor } from './setup-token';

/**
 * The server where no supervisor looks after it: brings the database to this version, builds the console where its sources changed, and
 * prints the one-time set-up link while there is no organisation. The other parts wait for their tables by being started again.
 */
export const startServerAlone = async (context: ProcessContext): Promise<RunningProcess> => {
  const { env, log } = context;
  const root = repositoryRoot();
  const url = databaseUrl(env);
  for (const name of await migrate(url, path.join(root, 'prisma/migrations'))) log.info({ name }, 'migration applied');
  await buildIfStale(root, (line) => log.info(line));
  const running = await startServer(context);
  const token = await setupTokenFor(url);
  // Not into the log: whoever reads the link may become the first administrator.
  if (token) process.stdout.write(`set-up ${env.publicUrl}/console/setup#${token}\n`);
  return running;
};
