import fs from 'node:fs/promises';
import path from 'node:path';
import { plainAddress } from '@/lib/evidence/screening';
import { failed, type ScreeningProvider } from './provider';

const DAY_MS = 86_400_000;
/** Real lists are a few megabytes. */
const MOST_BYTES = 256 * 1024 * 1024;

export type SanctionsList = {
  readonly addresses: ReadonlySet<string>;
  /** The day it says it was made, else the day its file was written; unix ms. */
  readonly madeAt: number;
};

/** An address of any chain as lists write it: no spaces, and long enough to be none of the words around it. */
const ADDRESS = /^(0x[0-9a-fA-F]{40}|[a-zA-Z0-9]{25,110})$/;
/** As OFAC writes them into its remarks, in `sdn.csv` and in the XML files. */
const IN_REMARKS = /Digital Currency Address\s*-\s*[A-Z0-9]{2,10}\s*[:,]?\s*([a-zA-Z0-9]{25,110})/g;
const IN_FEATURES = /<VersionDetail[^>]*>\s*(0x[0-9a-fA-F]{40}|[a-zA-Z0-9]{25,62})\s*<\/VersionDetail>/g;

const dayOf = (text: string): number | null => {
  const iso = /^\W*(?:date|as of|published?)\W+(\d{4}-\d{2}-\d{2})/im.exec(text)?.[1];
  if (iso) return Date.parse(`${iso}T00:00:00Z`);
  const us = /<Publish_Date>(\d{2})\/(\d{2})\/(\d{4})<\/Publish_Date>/.exec(text);
  if (us) return Date.parse(`${us[3]}-${us[1]}-${us[2]}T00:00:00Z`);
  const parts = /<DateOfIssue[^>]*>\s*<Year>(\d{4})<\/Year>\s*<Month>(\d{1,2})<\/Month>\s*<Day>(\d{1,2})<\/Day>/.exec(
    text,
  );
  if (!parts) return null;
  const [year, month, day] = parts.slice(1).map((part) => part.padStart(2, '0'));
  return Date.parse(`${year}-${month}-${day}T00:00:00Z`);
};

/**
 * Reads a list of sanctioned addresses: `{"date":"YYYY-MM-DD","addresses":[…]}`, one address a line under `# date: YYYY-MM-DD`, or
 * OFAC's own `sdn.csv`, `sdn.xml` and `sdn_advanced.xml`. @param writtenAt when its file was written, for a list without a date.
 * @returns null for something that holds no address at all: that is no list.
 */
export const parseSanctionsList = (text: string, writtenAt: number): SanctionsList | null => {
  const found = new Set<string>();
  const add = (address: unknown): void => {
    if (typeof address === 'string' && ADDRESS.test(address)) found.add(plainAddress(address));
  };
  let madeAt = dayOf(text);
  if (/^\s*\{/.test(text)) {
    const parsed = JSON.parse(text) as { date?: unknown; addresses?: unknown };
    for (const address of Array.isArray(parsed.addresses) ? parsed.addresses : []) add(address);
    madeAt = typeof parsed.date === 'string' ? Date.parse(parsed.date) : null;
  } else {
    for (const [, address] of text.matchAll(IN_REMARKS)) add(address);
    for (const [, address] of text.matchAll(IN_FEATURES)) add(address);
    if (found.size === 0) for (const line of text.split(/\r?\n/)) add(line.split(/[\s,;]/)[0]);
  }
  if (found.size === 0) return null;
  return { addresses: found, madeAt: madeAt === null || Number.isNaN(madeAt) ? writtenAt : madeAt };
};

/** Looks the counterparty up in a file the operator keeps up to date. A list that is too old, or gone, says nothing about anybody. */
export const sanctionsList = (options: {
  readonly file: string;
  readonly maxAgeDays: number;
  readonly now?: () => number;
}): ScreeningProvider => {
  const now = options.now ?? Date.now;
  let read: { readonly stamp: string; readonly list: SanctionsList | null } | null = null;
  let asOf: string | null = null;
  const current = async (): Promise<SanctionsList | null> => {
    const { mtimeMs, size, ino } = await fs.stat(options.file);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    if (size > MOST_BYTES) return null;
    if (read?.stamp !== stamp)
      read = { stamp, list: parseSanctionsList(await fs.readFile(options.file, 'utf8'), mtimeMs) };
    asOf = read.list ? new Date(read.list.madeAt).toISOString().slice(0, 10) : null;
    return read.list;
  };
  return {
    name: 'Sanctions list',
    vendor: 'Chainalysis',
    where: path.basename(options.file),
    asOf: () => asOf,
    screen: async ({ counterparty }) => {
      const list = await current().catch(() => null);
      if (!list) return failed('the list can not be read');
      const isListed = list.addresses.has(plainAddress(counterparty));
      // An address that was listed then is listed: only a clean answer needs a fresh list.
      if (!isListed && now() - list.madeAt > options.maxAgeDays * DAY_MS) return failed(`the list is of ${asOf}`);
      return {
        outcome: 'screened',
        findings: isListed ? [{ kind: 'sanctions', category: 'sanctions', categoryId: null }] : [],
      };
    },
  };
};
