import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** What this node's own machine has stopped; `orgIds` sorted. */
export type LocalFreeze = { readonly all: boolean; readonly orgIds: readonly string[] };
export type FreezeSubject = { readonly orgId: string } | 'all';

const Stored = z.strictObject({ all: z.boolean(), orgIds: z.array(z.string().min(1).max(64)) });
const NOTHING: LocalFreeze = { all: false, orgIds: [] };

const fileOf = (directory: string): string => path.join(directory, 'freeze.json');

/**
 * Reads `<directory>/freeze.json`. It is read anew at every judgement and right before a last-round message, so that a freeze holds
 * from the moment its command has ended; the store itself can't be shared with a command while the node holds its lock.
 * SECURITY: a file that can't be read stops everything.
 */
export const readLocalFreeze = (directory: string): LocalFreeze => {
  try {
    return Stored.parse(JSON.parse(fs.readFileSync(fileOf(directory), 'utf8')));
  } catch (error) {
    return isMissing(error) ? NOTHING : { all: true, orgIds: [] };
  }
};

/** Whether the node may release nothing for the organisation. */
export const isFrozenHere = (freeze: LocalFreeze, orgId: string): boolean =>
  freeze.all || freeze.orgIds.includes(orgId);

export const withFreeze = (freeze: LocalFreeze, subject: FreezeSubject): LocalFreeze =>
  subject === 'all'
    ? { ...freeze, all: true }
    : { ...freeze, orgIds: [...new Set([...freeze.orgIds, subject.orgId])].sort() };

/** `all` lifts everything, also what was frozen one by one. */
export const withoutFreeze = (freeze: LocalFreeze, subject: FreezeSubject): LocalFreeze =>
  subject === 'all' ? NOTHING : { ...freeze, orgIds: freeze.orgIds.filter((orgId) => orgId !== subject.orgId) };

/** Replaces the file at once and has it on the disk when it returns. */
export const writeLocalFreeze = (directory: string, freeze: LocalFreeze): void => {
  const file = fileOf(directory);
  const handle = fs.openSync(`${file}.new`, 'w', 0o600);
  fs.writeSync(handle, JSON.stringify(freeze));
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(`${file}.new`, file);
  const folder = fs.openSync(directory, 'r');
  fs.fsyncSync(folder);
  fs.closeSync(folder);
};

const LOOK_MS = 500;

/** Tells when the freeze was changed by a command beside the node. What it tells is for people: judgements read the file themselves. */
export const watchLocalFreeze = (
  directory: string,
  onChange: (freeze: LocalFreeze) => void,
): { readonly close: () => void } => {
  let told = JSON.stringify(readLocalFreeze(directory));
  const timer = setInterval(() => {
    const now = readLocalFreeze(directory);
    if (JSON.stringify(now) === told) return;
    told = JSON.stringify(now);
    onChange(now);
  }, LOOK_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
