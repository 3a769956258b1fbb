import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** What a build is made from: paths below the repository, files or directories, without those that `except` matches. */
export type Sources = { readonly paths: readonly string[]; readonly except: RegExp };

/** A source as it lies on the disk: path below the repository, length, and when it last changed (ms). */
export type Stamp = readonly [path: string, size: number, changedMs: number];

/** All sources and their directories, so that a launcher can see without reading them that nothing changed, came or went. */
export const stampsOf = (root: string, { paths, except }: Sources): Stamp[] => {
  const visit = (relative: string): Stamp[] => {
    const absolute = path.join(root, relative);
    if (except.test(relative) || !fs.existsSync(absolute)) return [];
    const { size, mtimeMs } = fs.statSync(absolute);
    const below = fs.statSync(absolute).isDirectory() ? fs.readdirSync(absolute).sort() : [];
    return [[relative, size, mtimeMs], ...below.flatMap((name) => visit(`${relative}/${name}`))];
  };
  return paths.flatMap(visit);
};

/** Others see the file as it was or as it will be. */
export const writeWhole = (file: string, text: string): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, text);
  fs.renameSync(unfinished, file);
};

/** Tells launchers (`workers/commands/fresh-build.cjs`) what was built last below `builds`, and from which sources. */
export const writeLatest = (
  builds: string,
  latest: { readonly built: string; readonly sources: readonly Stamp[] },
): void => writeWhole(path.join(builds, 'latest.json'), JSON.stringify(latest));

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
