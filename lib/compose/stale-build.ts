import fs from 'node:fs';
import path from 'node:path';
import { findLock } from '@/lib/compose/instance';

const LOCK_POLL_MS = 200;

/** Does the work while no other process of this clone does work of the same name. Two starts of one clone wait for each other. */
export const withBuildLock = async <T>(root: string, name: string, work: () => Promise<T>): Promise<T> => {
  const cache = path.join(root, 'node_modules', '.cache');
  fs.mkdirSync(cache, { recursive: true });
  const file = path.join(cache, `countersign-${name}-lock`);
  for (;;) {
    const lock = findLock(file);
    if (lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
};
