import fs from 'node:fs';
import path from 'node:path';
import type { ChildSpec } from '@/lib/compose/child';
import type { Environment } from '@/lib/env';

/** What every part of a running system is told about the others. */
export type Addresses = {
  databaseUrl: string;
  relayUrl: string;
  oracleUrl: string;
  rpcUrls: Readonly<Record<string, string>>;
};

/** The parts that need the database and the chain, and the signer nodes, which dial the coordinator and nobody else. */
export type Parts = { platform: ChildSpec[]; signers: ChildSpec[]; missing: string[] };

/**
 * The parts of the system. A part whose entry file is not there is left out and named in `missing`.
 * @param root Absolute path of the repository, where the parts run.
 * @param entries Directory of their built entry files.
 */
export const partsOf = (root: string, entries: string, env: Environment, addresses: Addresses): Parts => {
  const missing: string[] = [];
  const part = (name: string, entry: string, own: Variables): ChildSpec[] => {
    const file = path.join(entries, `${entry}.js`);
    if (!fs.existsSync(file)) {
      missing.push(name);
      return [];
    }
    const command =
      entry === 'signer' && process.platform !== 'win32'
        ? { command: '/bin/sh', args: ['-c', WITHOUT_CORE_DUMPS, 'sh', process.execPath, ...NO_INSPECTOR, file] }
        : { command: process.execPath, args: [file] };
    return [{ name, ...command, env: { ...common(env), ...own }, cwd: root, readiness: 'message' }];
  };
  const database = { DATABASE_URL: addresses.databaseUrl };
  const relay = { RELAY_URL: addresses.relayUrl };
  const oracle = { ORACLE_URL: addresses.oracleUrl };
  const chains = Object.fromEntries(
    Object.entries(addresses.rpcUrls).map(([network, url]) => [`RPC_URL_${network}`, url]),
  );
  const outside = inherit(
    'SMTP_URL',
    'WEBHOOK_ALLOW_PRIVATE',
    'MAINNET',
    'RATE_LIMIT',
    'SESSION_HOURS',
    'SESSION_IDLE_MINUTES',
    'TOKEN_KEY_DAYS',
  );
  const prices = inherit('PRICES_FILE', 'PRICES_URL', 'PRICES_MAX_AGE_MINUTES');
  // SECURITY: keys of screening vendors are for the oracle alone.
  const screening = inherit(
    'CHAINALYSIS_URL',
    'CHAINALYSIS_KEY',
    'SANCTIONS_URL',
    'SANCTIONS_KEY',
    'SANCTIONS_FILE',
    'SANCTIONS_MAX_AGE_DAYS',
    'GLOBAL_LEDGER_URL',
    'GLOBAL_LEDGER_KEY',
    'NOTABENE_URL',
    'NOTABENE_KEY',
    ...Object.keys(process.env).filter((name) => name.startsWith('SANCTIONS_ORACLE_')),
  );
  const platform = [
    ...part('coordinator', 'coordinator', { ...database, ...relay, ...oracle, ...chains, ...outside }),
    ...part('server', 'server', { ...database, ...relay, ...oracle, ...chains, ...prices, ...outside }),
    ...part('sequencer', 'sequencer', database),
    ...part('broadcaster', 'broadcaster', { ...database, ...chains, ...outside }),
    ...part('scheduler', 'scheduler', { ...database, ...oracle, ...chains, ...outside }),
    ...part('webhooks', 'webhooks', { ...database, ...outside }),
    ...part('oracle', 'oracle', { ...oracle, ...chains, ...prices, ...screening, ...outside }),
  ];
  // SECURITY: a signer node is told neither the database nor anybody's password, only where the relay is.
  const signers = Array.from({ length: env.signers }, (_, index) =>
    part(`signer-${index + 1}`, 'signer', { ...relay, ...inherit('MAINNET'), SIGNER: String(index + 1) }),
  ).flat();
  return { platform, signers, missing };
};

// SECURITY: a core dump would hold key shares. Node can't set limits itself; `exec` keeps it one process.
const WITHOUT_CORE_DUMPS = 'ulimit -c 0; exec "$@"';
// SECURITY: SIGUSR1 opens Node's debugger. Older versions have no way to prevent that.
const NO_INSPECTOR = process.allowedNodeEnvironmentFlags.has('--disable-sigusr1') ? ['--disable-sigusr1'] : [];

type Variables = Readonly<Record<string, string>>;

const common = (env: Environment): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  ...inherit('PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'),
  LOG_LEVEL: env.logLevel,
  PROFILE: env.profile,
  PORT: String(env.port),
  DATA_DIR: env.dataDir,
  PUBLIC_URL: env.publicUrl,
  RP_ID: env.rpId,
  ORIGINS: env.origins.join(','),
  SIGNERS: String(env.signers),
  THRESHOLD: String(env.threshold),
  GENESIS: env.genesis.join(','),
});

const inherit = (...names: string[]): Variables =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
