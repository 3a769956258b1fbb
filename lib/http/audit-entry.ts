import { toTimestamp } from '@/lib/contract/fields';
import type { AuditRow } from '@/lib/db/audit';
import { ID_PREFIXES } from '@/lib/domain/ids';
import type { Entry } from '@/lib/ledger/entry';
import { wordsOfEntry } from '@/lib/ledger/entry-words';
import type { Services } from './services';

const SYMBOLS = '0123456789abcdefghijklmnopqrstuv';
const SEQ_SYMBOLS = 10;

/** Hexadecimal digits in base32hex, at most 16 symbols of their first 80 bits. */
const symbolsOf = (hex: string): string => {
  let rest = BigInt(`0x${hex.slice(0, 20)}`);
  let text = '';
  for (let i = 0; i < 16; i += 1, rest >>= 5n) text = SYMBOLS.charAt(Number(rest & 31n)) + text;
  return text;
};

/** The log id of an entry: its place (50 bits) and 80 bits of its hash, so that it names these bytes in any copy of the ledger. */
export const logIdOf = ({ seq, hash }: Pick<AuditRow, 'seq' | 'hash'>): string => {
  const place = seq.toString(32).padStart(SEQ_SYMBOLS, '0');
  return `${ID_PREFIXES.log}-${place.slice(0, 5)}-${place.slice(5)}-${symbolsOf(hash)}`;
};

/** The place a log id names; null when it is none. Whether the hash fits is seen by comparing `logIdOf`. */
export const seqOfLogId = (id: string): number | null => {
  const found = /^uj-([0-9a-v]{5})-([0-9a-v]{5})-[0-9a-v]{16}$/.exec(id);
  return found ? Number.parseInt(`${found[1]}${found[2]}`, 32) : null;
};

/** The entry's canonical bytes as they were parsed by whoever wrote them. */
export const entryOf = (row: Pick<AuditRow, 'bytes'>): Entry =>
  JSON.parse(new TextDecoder().decode(row.bytes)) as Entry;

/** A row with what its own bytes say. */
const readRow = (row: AuditRow) => {
  const entry = entryOf(row);
  return { row, entry, words: wordsOfEntry(entry, row.body) };
};

const viewOf = ({ row, entry, words }: ReturnType<typeof readRow>, usernames: ReadonlyMap<string, string>) => {
  return {
    seq: row.seq,
    hash: row.hash,
    id: logIdOf(row),
    at: toTimestamp(entry.at),
    kind: entry.kind,
    ...words,
    username: (words.userId && usernames.get(words.userId)) || null,
    tokenId: entry.statement?.tokenId ?? null,
    credentialId: entry.assertion?.credId ?? null,
    subject: row.subject,
  };
};

/** Entries as the audit log shows them. Names lie beside the ledger, so that they can be erased. */
export const auditViews = async (
  orgId: string,
  rows: readonly AuditRow[],
  services: Pick<Services, 'identity'>,
): Promise<readonly AuditView[]> => {
  const read = rows.map(readRow);
  const ids = new Set(read.flatMap(({ words }) => words.userId ?? []));
  const people = ids.size > 0 ? await services.identity.findPeople(orgId, [...ids]) : [];
  const usernames = new Map(people.map(({ userId, username }) => [userId, username]));
  return read.map((one) => viewOf(one, usernames));
};

export type AuditView = ReturnType<typeof viewOf>;
