import fs from 'node:fs';
import path from 'node:path';
import { genesisFingerprint } from '@/lib/ledger/genesis';
import { UsageError } from './credential';

type Pins = { readonly [orgId: string]: { readonly genesis: string; readonly since: string } };

const HASH = /^[0-9a-f]{64}$/;

const readPins = (file: string): Pins => {
  if (!fs.existsSync(file)) return {};
  try {
    const pins = JSON.parse(fs.readFileSync(file, 'utf8'));
    const values: readonly unknown[] = Object.values(pins);
    if (values.every((pin) => HASH.test((pin as { readonly genesis?: string }).genesis ?? ''))) return pins as Pins;
  } catch {
    // Said below: a file that can't be read must not count as a first use.
  }
  throw new UsageError(
    `${file} does not hold pinned organisations. Repair it; don’t delete it unless you compare fingerprints anew.`,
  );
};

/**
 * Holds an organisation to the genesis it was first met with, in a file.
 * @returns whether this is the first use, with the fingerprint people compare.
 * @throws {UsageError} when the server names another genesis than the pinned one.
 */
export const pinGenesis = (
  file: string,
  orgId: string,
  genesis: string,
  now: Date,
): { readonly isFirstUse: boolean; readonly fingerprint: string } => {
  if (!HASH.test(genesis)) throw new UsageError('The server names no genesis.');
  const pins = readPins(file);
  const known = Object.hasOwn(pins, orgId) ? pins[orgId] : undefined;
  const fingerprint = genesisFingerprint(genesis);
  if (known && known.genesis !== genesis)
    throw new UsageError(
      `The organisation’s genesis has changed. Pinned since ${known.since}: ${genesisFingerprint(known.genesis)}. The server now names: ${fingerprint}. Nothing was signed. Tell another administrator and your operator; the pin is in ${file}.`,
    );
  if (known) return { isFirstUse: false, fingerprint };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const next = { ...pins, [orgId]: { genesis, since: now.toISOString() } };
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
  return { isFirstUse: true, fingerprint };
};
