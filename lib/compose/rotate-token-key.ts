import { type Rotated, rotateTokenKey } from '@/lib/http/server-secrets';

/** Makes another key sign access tokens of the servers that share the directory. @throws when another process is at it. */
export const rotateTokenKeyIn = (dataDir: string, former: 'believed' | 'forgotten'): Rotated =>
  rotateTokenKey(dataDir, Date.now(), former);
