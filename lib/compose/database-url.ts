import type { Environment } from '@/lib/env';
import { readRunFile } from '@/lib/run-file';
import { ConfigurationError } from './process';

/** The shared database: DATABASE_URL, else that of the running system in this DATA_DIR. */
export const databaseUrl = (env: Environment): string => {
  const url = env.databaseUrl ?? readRunFile(env.dataDir)?.databaseUrl;
  if (!url)
    throw new ConfigurationError('There is no database: set DATABASE_URL, or start the system with npm start first.');
  return url;
};
