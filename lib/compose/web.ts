import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { chainRulesFor } from '@/lib/chain/rules';
import { readSchedule, writeSchedule } from '@/lib/db/approval-reminders';
import { countChainAlarms } from '@/lib/db/chain-alarms';
import { createDb, type Db } from '@/lib/db/client';
import type { GovernanceCopies } from '@/lib/db/governance-copy';
import { isBeating } from '@/lib/db/heartbeats';
import { createIdentityStore } from '@/lib/db/identity-store';
import { countJobs } from '@/lib/db/job-queue';
import type { JobWorker } from '@/lib/db/job-worker';
import { countAlarms } from '@/lib/db/ledger-proofs';
import { countEnrolments } from '@/lib/db/organisations';
import { createReads } from '@/lib/db/reads';
import { getRecord } from '@/lib/db/records';
import { createRequestLog } from '@/lib/db/request-log';
import { listSignerNodes } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { governanceReader } from '@/lib/db/state-loader';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Environment } from '@/lib/env';
import { createMail } from '@/lib/http/mail';
import { loadServerSecrets } from '@/lib/http/server-secrets';
import type { Founders, Health, Services } from '@/lib/http/services';
import { createTokens } from '@/lib/http/tokens';
import type { Logger } from '@/lib/logger';
import { walletAssets } from './assets';
import { evmClients } from './broadcast-chain';
import { configuredTokens } from './configured-tokens';
import { databaseUrl } from './database-url';
import { evidenceFrom } from './evidence';
import { createIdentityProvider } from './identity-provider';
import { composeLedger, oraclePrices, REMEMBERED } from './ledger';
import { LEDGER_PORTS } from './ledger-ports';
import { queueMail } from './mail-queue';
import { startMailer } from './mailer';
import { networkReads } from './network-reads';
import { oracleSources } from './oracle-sources';
import { createRecoveryGate, type RecoveryGate, refusingWhileClosed } from './recovery-gate';
import { rememberingPorts } from './remembering-ports';
import { oracleTellsSent } from './screening/register-sent';

/** The web process: everything its handlers use, and how to let go of it. */
export type Web = {
  readonly services: Services;
  /** Begins to deliver mails that are kept or due; one server of a system suffices, more share the work. */
  readonly startMailer: () => JobWorker;
  readonly close: () => Promise<void>;
};

/** Plugs the real things into the front door's ports. */
export const composeWeb = ({
  env,
  log,
  makeGate = createRecoveryGate,
}: {
  readonly env: Environment;
  readonly log: Logger;
  readonly makeGate?: typeof createRecoveryGate;
}): Web => {
  const onError = (err: Error) => {
    log.warn({ err }, 'database connection lost');
    gate.recheck();
  };
  const db = createDb({ url: databaseUrl(env), onError });
  const copies: GovernanceCopies = new Map();
  const ports = rememberingPorts(LEDGER_PORTS, REMEMBERED);
  const composed = composeLedger(db, { oracleUrl: env.oracleUrl, onError, copies, ports });
  const { listener, close } = composed;
  const sql = pgSql(db.pool);
  const gate: RecoveryGate = makeGate(sql, log);
  const ledger = refusingWhileClosed(composed.ledger, gate);
  const sources = oracleSources(env.oracleUrl);
  const identity = createIdentityStore(db);
  const secrets = loadServerSecrets(env.dataDir, env.tokenKeyLifeMs);
  const deliver = createMail({
    dataDir: env.dataDir,
    smtpUrl: env.secretSmtpUrl,
    from: `Countersign <no-reply@${new URL(env.publicUrl).hostname}>`,
  });
  const requestLog = createRequestLog(sql, (err) => log.warn({ err }, 'requests could not be logged'));
  const clients = evmClients(env.rpcUrls);
  const services: Services = {
    settings: env,
    db,
    identity,
    ledger,
    getRecord: (orgId, kind, id) => getRecord(sql, orgId, kind, id),
    loadGovernance: governanceReader(sql, copies),
    reads: createReads(db, listener),
    reminders: {
      read: (orgId) => readSchedule(sql, orgId),
      write: (orgId, schedule) => writeSchedule(sql, orgId, schedule),
    },
    requestLog,
    chainRules: chainRulesFor,
    makeEvidence: evidenceFrom(ledger, identity.findPeople),
    assets: walletAssets(clients, configuredTokens(env), oraclePrices(env.oracleUrl)),
    networks: networkReads(clients),
    tokens: createTokens(secrets, env.publicUrl),
    secrets,
    // A file is written at once; a mail server may be away.
    sendMail: env.secretSmtpUrl ? queueMail(db, secrets.secretMailKey) : deliver,
    identityProvider: env.oidc ? createIdentityProvider(env.oidc) : null,
    founders: () => readFounders(db, env),
    health: () => readHealth(db, gate, sources),
    verifyCredential: ports.verifyCredential,
    now: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log,
  };
  return {
    services,
    startMailer: () =>
      startMailer({
        services,
        secretMailKey: secrets.secretMailKey,
        deliver,
        tellSent: oracleTellsSent(env.oracleUrl),
      }),
    close: async () => {
      await gate.close();
      await close();
      await requestLog.close();
      await db.close();
    },
  };
};

const SEQUENCER_SILENCE_MS = 10_000;

const readHealth = async (db: Db, gate: RecoveryGate, sources: () => Promise<Health['sources']>): Promise<Health> => {
  const sql = pgSql(db.pool);
  const nodes = await listSignerNodes(sql);
  return {
    database: true,
    sequencer: await isBeating(sql, 'sequencer', SEQUENCER_SILENCE_MS),
    signersReady: nodes.filter((node) => node.connected && node.selfTest && !node.quarantined && !node.frozen?.all)
      .length,
    signersQuarantined: nodes.filter((node) => node.quarantined).length,
    // Each side of a pair says so.
    pairsExcluded: nodes
      .flatMap(({ pairs }) => pairs)
      .filter(({ state }) => state === 'burned' || state === 'quarantined').length,
    clockOffsetsMs: Object.fromEntries(
      nodes.filter((node) => node.connected).map(({ node, clockOffsetMs }) => [String(node), clockOffsetMs]),
    ),
    enrolment: await countEnrolments(sql),
    recovery: gate.refusal()?.refusal.message ?? null,
    chainAlarms: await countChainAlarms(sql),
    ledgerAlarms: await countAlarms(sql),
    jobs: await countJobs(sql),
    sources: await sources(),
  };
};

/** A genesis names all n nodes by their certificates and the oracle by its key; while one is unknown nobody can found anything. */
const readFounders = async (db: Db, env: Environment): Promise<Outcome<Founders>> => {
  const known = await listSignerNodes(pgSql(db.pool));
  const nodes = Array.from(
    { length: env.signers },
    (_, index) => known.find((item) => item.node === index + 1)?.certificate,
  );
  const missing = nodes.flatMap((node, index) => (node ? [] : [index + 1]));
  if (missing.length > 0) {
    return refused(
      503,
      'signers.missing',
      `Signer ${missing.join(', ')} never connected. An organisation needs all ${env.signers}.`,
      { missing },
    );
  }
  const oracleKey = env.oracleUrl ? await readOracleKey(env.oracleUrl) : null;
  if (env.oracleUrl && !oracleKey)
    return refused(503, 'oracle.unreachable', 'The price oracle does not answer. An organisation is bound to its key.');
  return accepted({ nodes: nodes.filter((node) => node !== undefined), oracleKeys: oracleKey ? [oracleKey] : [] });
};

const OracleKey = z.object({ publicKey: z.string().regex(/^[0-9a-f]{64}$/) });

const readOracleKey = async (oracleUrl: string): Promise<string | null> => {
  try {
    const response = await fetch(new URL('/key', oracleUrl), { signal: AbortSignal.timeout(2000) });
    return OracleKey.parse(await response.json()).publicKey;
  } catch {
    return null;
  }
};
