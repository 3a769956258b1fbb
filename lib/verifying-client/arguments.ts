import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './credential';

export const APPROVE_USAGE = `npm run approve -- --url BASE --org ID --user NAME (--key FILE | --fido2) COMMAND

  list                         what waits for you (the default)
  show ID                      one approval, read from its ledger entry on this machine
  approve ID                   shows it, asks, signs, sends
  reject ID --reason TEXT      the same, with a denial

  --yes                        don't ask; for scripts
  --pins FILE                  where organisations' fingerprints are kept (beside the key by default)
  --origin URL                 of the console, for --fido2 (the base URL's by default)
  --device PATH                the security key, when several are plugged in`;

type Command =
  | { readonly kind: 'list' }
  | { readonly kind: 'show' | 'approve'; readonly id: string }
  | { readonly kind: 'reject'; readonly id: string; readonly reason: string };

export type ApproveArguments = {
  readonly baseUrl: string;
  readonly orgId: string;
  readonly username: string;
  /** Absent: a security key through libfido2. */
  readonly keyFile?: string;
  readonly origin: string;
  readonly device?: string;
  readonly pinFile: string;
  readonly yes: boolean;
  readonly command: Command;
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        org: { type: 'string' },
        user: { type: 'string' },
        key: { type: 'string' },
        fido2: { type: 'boolean', default: false },
        device: { type: 'string' },
        origin: { type: 'string' },
        pins: { type: 'string' },
        reason: { type: 'string' },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${APPROVE_USAGE}`);
  }
};

const baseUrlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new UsageError(`--url ${text} is no http(s) URL.`);
  return url;
};

const commandOf = (words: readonly string[], reason: string | undefined): Command => {
  const [kind = 'list', id, more] = words;
  if (more !== undefined) throw new UsageError(`One approval at a time.\n\n${APPROVE_USAGE}`);
  if (kind === 'list' && id === undefined) return { kind };
  if (kind !== 'show' && kind !== 'approve' && kind !== 'reject')
    throw new UsageError(`${words.join(' ')} is no command.\n\n${APPROVE_USAGE}`);
  if (!id) throw new UsageError(`${kind} needs the approval’s id; list shows them.`);
  if (kind !== 'reject') return { kind, id };
  if (!reason) throw new UsageError('reject needs --reason TEXT: it is kept with the decision.');
  return { kind, id, reason };
};

/** Reads the command line. @throws {UsageError} */
export const readArguments = (args: readonly string[], home: string): ApproveArguments | 'help' => {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const { url, org, user, key, fido2 } = values;
  if (!url || !org || !user) throw new UsageError(`--url, --org and --user are needed.\n\n${APPROVE_USAGE}`);
  if ((key !== undefined) === fido2) throw new UsageError('Use either --key FILE or --fido2.');
  const base = baseUrlOf(url);
  return {
    baseUrl: base.origin,
    orgId: org,
    username: user,
    ...(key !== undefined && { keyFile: key }),
    origin: values.origin ?? base.origin,
    ...(values.device && { device: values.device }),
    pinFile: values.pins ?? (key ? `${key}.genesis.json` : path.join(home, '.config/countersign/genesis.json')),
    yes: values.yes,
    command: commandOf(positionals, values.reason),
  };
};
