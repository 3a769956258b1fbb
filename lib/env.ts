import path from 'node:path';
import { z } from 'zod';
import { trimEndOf } from '@/lib/domain/trim-end';

/**
 * Everything the operator can set, read once at the start of a process.
 * Ports and counts are numbers, lists are arrays, paths are absolute; a variable that is set to the empty string counts as unset.
 */
export type Environment = Readonly<{
  profile: Profile;
  production: boolean;
  logLevel: string;
  port: number;
  /** Absolute path. */
  dataDir: string;
  /** Undefined means: use the embedded database. */
  databaseUrl?: string;
  publicUrl: string;
  /** Relying-party id of passkeys; the host name of `publicUrl` unless set. */
  rpId: string;
  /** Origins whose passkey assertions are accepted; at least the one of `publicUrl`. */
  origins: readonly string[];
  /** n, the number of signer nodes. */
  signers: number;
  /** k, the number of nodes that must take part in a signature. */
  threshold: number;
  /** Which node this process is, 1…n; only for a signer. */
  signer?: number;
  /** Hashes of the geneses a production node accepts, 64 hex digits each, or `none`. */
  genesis: readonly string[];
  /** Where a node runs, e.g. a data centre; its certificate names it, and so does the genesis of every organisation. */
  region: string;
  relayUrl?: string;
  /** Where the price oracle answers; set by the supervisor, or by the operator of parts started alone. */
  oracleUrl?: string;
  /** By network name, e.g. `EthereumSepolia`. */
  rpcUrls: Readonly<Record<string, string>>;
  anvil: Readonly<{ enabled: boolean; port?: number }>;
  pricesFile?: string;
  pricesUrls: readonly string[];
  /** How old prices may be that say when they were made, milliseconds; `PRICES_MAX_AGE_MINUTES`. */
  pricesMaxAgeMs: number;
  /** May contain a password. */
  secretSmtpUrl?: string;
  /** The OpenID Connect provider for single sign-on, where there is one. */
  oidc?: Readonly<{ issuer: string; clientId: string; secretClient: string }>;
  /** Where screenings come from; a source that is not named here is not asked. */
  screening: Readonly<{
    /** Base of the KYT API; asked where a key is set. */
    chainalysisUrl?: string;
    secretChainalysisKey?: string;
    /** Base of the sanctions API; asked where a key is set. */
    sanctionsUrl?: string;
    secretSanctionsKey?: string;
    /** Contracts with `isSanctioned(address)`, by network: `SANCTIONS_ORACLE_<Network>`. */
    sanctionsOracles: Readonly<Record<string, string>>;
    /** Absolute path of a list of sanctioned addresses. */
    sanctionsFile?: string;
    /** How old that list may be. */
    sanctionsMaxAgeDays: number;
    globalLedgerUrl?: string;
    secretGlobalLedgerKey?: string;
    notabeneUrl?: string;
    secretNotabeneKey?: string;
  }>;
  /** Requests a minute per organisation; 0 switches the limit off. */
  rateLimit: number;
  /** How long a sign-in lasts, milliseconds; `SESSION_HOURS`. */
  sessionLifeMs: number;
  /** How long it lasts unused, milliseconds; 0 is as long as it lasts; `SESSION_IDLE_MINUTES`. */
  sessionIdleMs: number;
  /** How old the key that signs tokens becomes before the server makes another, milliseconds; `TOKEN_KEY_DAYS`. */
  tokenKeyLifeMs: number;
  /** CIDR blocks that webhooks may call although they are private. */
  webhookAllowPrivate: readonly string[];
  mainnet: 'refused' | 'experimental';
}>;

/** What `GENESIS` says where no organisation is founded yet: the node connects, and follows nothing. */
export const NO_GENESIS = 'none';

export const PROFILES = ['single-machine', 'production'] as const;
export type Profile = (typeof PROFILES)[number];

/** Exit code of a process whose configuration is wrong; the supervisor does not restart it (sysexits EX_CONFIG). */
export const EXIT_CONFIGURATION = 78;

/**
 * Reads and checks the environment.
 * @throws {EnvironmentError} names every variable that is wrong, in one sentence each.
 */
export const readEnvironment = (env: Variables = process.env): Environment => {
  const parsed = VariableSchema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    throw new EnvironmentError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const v = parsed.data;
  const publicUrl = v.PUBLIC_URL ?? `http://localhost:${v.PORT}`;
  const problems = [
    ...(v.THRESHOLD > v.SIGNERS ? [`THRESHOLD: ${v.THRESHOLD} of ${v.SIGNERS} signers can never sign`] : []),
    ...(v.SIGNER !== undefined && v.SIGNER > v.SIGNERS ? [`SIGNER: there is no node ${v.SIGNER} of ${v.SIGNERS}`] : []),
    ...(new Set([v.OIDC_ISSUER, v.OIDC_CLIENT_ID, v.OIDC_CLIENT_SECRET].map((value) => value === undefined)).size > 1
      ? ['OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET: set all three, or none']
      : []),
  ];
  if (problems.length > 0) throw new EnvironmentError(problems);
  return {
    profile: v.PROFILE,
    production: v.NODE_ENV === 'production',
    logLevel: v.LOG_LEVEL,
    port: v.PORT,
    dataDir: path.resolve(v.DATA_DIR),
    databaseUrl: v.DATABASE_URL,
    publicUrl,
    rpId: v.RP_ID ?? new URL(publicUrl).hostname,
    origins: v.ORIGINS ?? [new URL(publicUrl).origin],
    signers: v.SIGNERS,
    threshold: v.THRESHOLD,
    signer: v.SIGNER,
    genesis: v.GENESIS,
    region: v.REGION,
    relayUrl: v.RELAY_URL,
    oracleUrl: v.ORACLE_URL,
    rpcUrls: byNetwork(env, 'RPC_URL_'),
    anvil: { enabled: v.ANVIL !== '0', port: v.ANVIL_PORT },
    pricesFile: v.PRICES_FILE && path.resolve(v.PRICES_FILE),
    pricesUrls: v.PRICES_URL,
    pricesMaxAgeMs: v.PRICES_MAX_AGE_MINUTES * 60_000,
    secretSmtpUrl: v.SMTP_URL,
    oidc: oidcOf(v.OIDC_ISSUER, v.OIDC_CLIENT_ID, v.OIDC_CLIENT_SECRET),
    screening: {
      chainalysisUrl: v.CHAINALYSIS_URL,
      secretChainalysisKey: v.CHAINALYSIS_KEY,
      sanctionsUrl: v.SANCTIONS_URL,
      secretSanctionsKey: v.SANCTIONS_KEY,
      sanctionsOracles: byNetwork(env, 'SANCTIONS_ORACLE_'),
      sanctionsFile: v.SANCTIONS_FILE && path.resolve(v.SANCTIONS_FILE),
      sanctionsMaxAgeDays: v.SANCTIONS_MAX_AGE_DAYS,
      globalLedgerUrl: v.GLOBAL_LEDGER_URL,
      secretGlobalLedgerKey: v.GLOBAL_LEDGER_KEY,
      notabeneUrl: v.NOTABENE_URL,
      secretNotabeneKey: v.NOTABENE_KEY,
    },
    rateLimit: v.RATE_LIMIT,
    sessionLifeMs: v.SESSION_HOURS * 3_600_000,
    sessionIdleMs: v.SESSION_IDLE_MINUTES * 60_000,
    tokenKeyLifeMs: v.TOKEN_KEY_DAYS * 86_400_000,
    webhookAllowPrivate: v.WEBHOOK_ALLOW_PRIVATE,
    mainnet: v.MAINNET ?? 'refused',
  };
};

export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  constructor(readonly problems: readonly string[]) {
    super(`The environment can't be used: ${problems.join('; ')}.`);
  }
}

type Variables = Readonly<Record<string, string | undefined>>;

const oidcOf = (issuer?: string, clientId?: string, secretClient?: string): Environment['oidc'] =>
  issuer && clientId && secretClient ? { issuer, clientId, secretClient } : undefined;

/** HTTPS, or HTTP to this machine, where nobody listens in. */
const isPrivateUrl = (text: string): boolean => {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
};

/** Variables whose name ends with a network's, by that name. */
const byNetwork = (env: Variables, prefix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(prefix) && value ? [[name.slice(prefix.length), value]] : [],
    ),
  );

const count = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .refine((n) => n >= from && n <= to, `is not between ${from} and ${to}`);
const url = z.string().refine((text) => URL.canParse(text), 'is not a URL');
/** One that passwords or keys are sent to. */
const privateUrl = url.refine((text) => URL.canParse(text) && isPrivateUrl(text), 'must be https');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const VariableSchema = z.object({
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PROFILE: z.enum(PROFILES).default('production'),
  PORT: count(0, 65_535).default(3000),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: url.optional(),
  PUBLIC_URL: url.transform((text) => trimEndOf(text, '/')).optional(),
  RP_ID: z.string().optional(),
  ORIGINS: list.refine((origins) => origins.every((o) => URL.canParse(o)), 'holds something that is no URL').optional(),
  SIGNERS: count(1, 64).default(4),
  THRESHOLD: count(1, 64).default(3),
  SIGNER: count(1, 64).optional(),
  GENESIS: list
    .refine((hashes) => hashes.every((one) => one === NO_GENESIS || /^[0-9a-f]{64}$/.test(one)), {
      message: 'is not a list of genesis hashes (64 hex digits each), nor `none`',
    })
    .default([]),
  REGION: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'has letters, digits and . _ - only')
    .default('local'),
  RELAY_URL: url.optional(),
  ORACLE_URL: url.optional(),
  ANVIL: z.string().optional(),
  ANVIL_PORT: count(1, 65_535).optional(),
  PRICES_FILE: z.string().optional(),
  PRICES_URL: list.refine((urls) => urls.every((one) => URL.canParse(one)), 'is not a URL, or several').default([]),
  PRICES_MAX_AGE_MINUTES: count(1, 100_000).default(60),
  SMTP_URL: url.optional(),
  OIDC_ISSUER: privateUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  CHAINALYSIS_URL: privateUrl.optional(),
  CHAINALYSIS_KEY: z.string().optional(),
  SANCTIONS_URL: privateUrl.optional(),
  SANCTIONS_KEY: z.string().optional(),
  SANCTIONS_FILE: z.string().optional(),
  SANCTIONS_MAX_AGE_DAYS: count(1, 3650).default(7),
  GLOBAL_LEDGER_URL: privateUrl.optional(),
  GLOBAL_LEDGER_KEY: z.string().optional(),
  NOTABENE_URL: privateUrl.optional(),
  NOTABENE_KEY: z.string().optional(),
  RATE_LIMIT: count(0, 1_000_000).default(1000),
  SESSION_HOURS: count(1, 24 * 30).default(8),
  SESSION_IDLE_MINUTES: count(0, 60 * 24 * 30).default(60),
  TOKEN_KEY_DAYS: count(1, 730).default(90),
  WEBHOOK_ALLOW_PRIVATE: list.default([]),
  MAINNET: z.literal('experimental').optional(),
});
