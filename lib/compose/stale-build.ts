import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { findLock } from '@/lib/compose/instance';

/** What a build is made from: paths below the repository, files or directories, without those that `except` matches. */
export type Sources = { readonly paths: readonly string[]; readonly except: RegExp };

/** The SHA-256, in hex, of the names and contents of all sources. A path that is not there counts as empty. */
export const sourceHash = (root: string, { paths, except }: Sources): string => {
  const hash = createHash('sha256');
  const visit = (relative: string): void => {
    const absolute = path.join(root, relative);
    if (except.test(relative) || !fs.existsSync(absolute)) return;
    if (fs.statSync(absolute).isDirectory()) {
      for (const name of fs.readdirSync(absolute).sort()) visit(`${relative}/${name}`);
      return;
    }
    const content = fs.readFileSync(absolute);
    hash.update(`${relative}\0${content.length}\0`).update(content);
  };
  for (const source of paths) visit(source);
  return hash.digest('hex');
};

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
