import type { Environment } from '@/lib/env';
import { NotRunningError, readRunningSystem } from '@/lib/run-file';
import { ConfigurationError } from './process';

/** The shared database: DATABASE_URL, else that of the running system in this DATA_DIR. */
export const databaseUrl = (env: Environment): string => {
  const url = env.databaseUrl ?? databaseUrlOfRun(env.dataDir);
  if (!url)
    throw new ConfigurationError('There is no database: set DATABASE_URL, or start the system with npm start first.');
  return url;
};

const databaseUrlOfRun = (dataDir: string): string | undefined => {
  try {
    return readRunningSystem(dataDir).databaseUrl;
  } catch (error) {
    if (error instanceof NotRunningError) return undefined;
    throw error;
  }
};
