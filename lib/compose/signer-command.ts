import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { EnvironmentError, readEnvironment } from '@/lib/env';
import { exportedLines, readExport } from '@/lib/signer/export-ledger';
import { enrolmentOf, loadIdentity, makeNextIdentity } from '@/lib/signer/identity';
import {
  type FreezeSubject,
  readLocalFreeze,
  withFreeze,
  withoutFreeze,
  writeLocalFreeze,
} from '@/lib/signer/local-freeze';
import { allowReadmission } from '@/lib/signer/readmission';
import { fileKeyWrapper } from '@/lib/signer/sealed-records';
import { clearStop, takeBranch } from '@/lib/signer/stops';
import { openStore, StoreLockedError } from '@/lib/signer/store';
import { LEDGER_PORTS } from './ledger-ports';

type Io = { readonly print: (text: string) => void; readonly warn: (text: string) => void };
type Variables = Readonly<Record<string, string | undefined>>;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

const USAGE = `Say one of, with SIGNER and DATA_DIR as the node has them:
  npm run signer -- freeze --org ID | --all
  npm run signer -- unfreeze --org ID | --all
  npm run signer -- export-ledger --org ID [--out FILE]
  npm run signer -- enrol [--renew] [--region NAME]
  npm run signer -- readmit
  npm run signer -- clear-stop --org ID [--branch FILE]`;

/**
 * What an operator does on a node's own machine.
 * @returns the exit code: 0 done, 1 not possible now, 2 wrongly called.
 */
export const signerCommand = async (words: readonly string[], variables: Variables, io: Io): Promise<number> => {
  try {
    const { positionals, values } = parseWords(words);
    const [verb, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError(USAGE);
    if (verb === 'enrol' && values.org === undefined && !values.all) return enrol(variables, values, io);
    const directory = directoryOf(variables);
    if (verb === 'readmit') return readmit(directory, io);
    if (verb === 'clear-stop' && values.org && !values.all) return leaveStop(directory, values.org, values.branch, io);
    if (verb === 'freeze' || verb === 'unfreeze') return changeFreeze(verb, directory, subjectOf(values), io);
    if (verb === 'export-ledger' && values.org && !values.all)
      return await exportLedger(directory, values.org, values.out, io);
    throw new UsageError(USAGE);
  } catch (error) {
    if (error instanceof UsageError || error instanceof EnvironmentError) {
      io.warn(error.message);
      return 2;
    }
    if (error instanceof StoreLockedError) {
      io.warn('The node is running and holds its store. Stop it, say this again, and start it.');
      return 1;
    }
    throw error;
  }
};

const parseWords = (words: readonly string[]) => {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        org: { type: 'string' },
        all: { type: 'boolean' },
        out: { type: 'string' },
        renew: { type: 'boolean' },
        region: { type: 'string' },
        branch: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
};

const directoryOf = (variables: Variables): string => {
  const { signer, dataDir } = readEnvironment(variables);
  if (signer === undefined) throw new UsageError('SIGNER is not set: say which node this is.');
  const directory = path.join(dataDir, `signer-${signer}`);
  if (!fs.existsSync(path.join(directory, 'signer.db')))
    throw new UsageError(`There is no store of a node in ${directory}. Set DATA_DIR and SIGNER as the node has them.`);
  return directory;
};

/** Prints what puts this node's certificate in force. Works while the node runs, and on a machine where it never ran. */
const enrol = (
  variables: Variables,
  { renew, region: named }: { readonly renew?: boolean; readonly region?: string },
  io: Io,
): number => {
  const { signer, dataDir, ...env } = readEnvironment(variables);
  const region = named ?? env.region;
  if (signer === undefined) throw new UsageError('SIGNER is not set: say which node this is.');
  const directory = path.join(dataDir, `signer-${signer}`);
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const options = { node: signer, region, wrapper: fileKeyWrapper(directory) };
  const identity = renew ? makeNextIdentity(directory, options) : loadIdentity(directory, options);
  io.print(JSON.stringify(enrolmentOf(identity)));
  io.warn(
    `Fingerprint: ${nodeFingerprint(identity.certificate.signingKey)}\nTake the line above to the console's page Signers, compare the fingerprint there, and put the certificate of signer ${signer} in force.`,
  );
  return 0;
};

/** The operator's word that a node in quarantine may come back once it has caught up. */
const readmit = (directory: string, io: Io): number => {
  const store = openStore(directory);
  const isAllowed = allowReadmission(store, Date.now());
  store.close();
  io.print(
    isAllowed
      ? 'The node may come back. Start it: it leaves quarantine when its peers agree with every ledger it holds.'
      : 'The node is not in quarantine.',
  );
  return isAllowed ? 0 : 1;
};

/** Lets the node follow a stopped ledger again, on its own history or on the exported one of another node. */
const leaveStop = (directory: string, orgId: string, branch: string | undefined, io: Io): number => {
  const other = branch === undefined ? null : readExport(fs.readFileSync(branch, 'utf8'), orgId);
  if (branch !== undefined && other === null) {
    io.warn(`${branch} is no complete export of the ledger of ${orgId}.`);
    return 1;
  }
  const store = openStore(directory);
  try {
    const now = Date.now();
    const cleared = other
      ? takeBranch(store, orgId, other, { ports: LEDGER_PORTS, now })
      : clearStop(store, orgId, now);
    if (!cleared.ok) {
      io.warn(cleared.refusal.message);
      return 1;
    }
    const { reason, leftFrom, kept } = cleared.value;
    io.print(
      `The node had stopped because ${reason}. ${leftFrom === null ? 'Nothing of what it holds was given up.' : `It gave up ${kept} entries from ${leftFrom} on; they are kept as evidence.`} Start it: it follows ${orgId} again.`,
    );
    return 0;
  } finally {
    store.close();
  }
};

const subjectOf = ({ org, all }: { readonly org?: string; readonly all?: boolean }): FreezeSubject => {
  if (all && org === undefined) return 'all';
  if (org && !all) return { orgId: org };
  throw new UsageError(USAGE);
};

const changeFreeze = (verb: 'freeze' | 'unfreeze', directory: string, subject: FreezeSubject, io: Io): number => {
  const before = readLocalFreeze(directory);
  if (verb === 'unfreeze' && subject !== 'all' && before.all) {
    io.warn('Everything is frozen here. Lift that with --all first, then freeze what should stay frozen.');
    return 1;
  }
  const after = verb === 'freeze' ? withFreeze(before, subject) : withoutFreeze(before, subject);
  writeLocalFreeze(directory, after);
  const what = after.all
    ? 'everything'
    : after.orgIds.length > 0
      ? after.orgIds.join(', ')
      : 'nothing; it signs again what ledger and policies allow';
  io.print(`Frozen at this node: ${what}.`);
  return 0;
};

const exportLedger = async (directory: string, orgId: string, out: string | undefined, io: Io): Promise<number> => {
  const store = openStore(directory);
  try {
    if (!store.get('SELECT 1 AS yes FROM entry WHERE org = ? AND seq = 0', orgId)) {
      io.warn(`This node holds no ledger of ${orgId}.`);
      return 1;
    }
    if (out === undefined) for (const line of exportedLines(store, orgId)) io.print(line);
    else {
      const file = fs.createWriteStream(out, { mode: 0o600 });
      for (const line of exportedLines(store, orgId)) if (!file.write(`${line}\n`)) await once(file, 'drain');
      file.end();
      await once(file, 'close');
    }
    return 0;
  } finally {
    store.close();
  }
};
