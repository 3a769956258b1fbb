import { randomBytes } from 'node:crypto';
import type { LedgerStore } from '@/lib/activity/store';
import type { ProcessContext, RunningProcess } from '@/lib/compose/process';
import { createDb } from '@/lib/db/client';
import { enqueue } from '@/lib/db/job-queue';
import { startJobWorker } from '@/lib/db/job-worker';
import { appendRecovered } from '@/lib/db/ledger-recovery';
import { createLedgerStore } from '@/lib/db/ledger-store';
import { getRecord } from '@/lib/db/records';
import { answerRecoveryChecks, openRecoveryChecks } from '@/lib/db/recovery-checks';
import { signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { createWitnessStore } from '@/lib/db/witness-store';
import { newId } from '@/lib/domain/ids';
import { activityFreeze } from '@/lib/ledger/freeze';
import { DELAYED, judgeActivity } from '@/lib/ledger/judge';
import { whyUnsignable } from '@/lib/ledger/unsignable';
import { readRunFile, writeRunFile } from '@/lib/run-file';
import { composeBroadcast } from './broadcast';
import { broadcastChains, evmClients } from './broadcast-chain';
import { createCoordinator } from './coordinator/coordinator';
import type { CoordinatorPorts } from './coordinator/ports';
import { databaseUrl } from './database-url';
import { composeLedger } from './ledger';
import { LEDGER_PORTS } from './ledger-ports';
import { startRounds } from './rounds';

/** Ceremonies at the same time: each waits for nodes most of the time. */
const CONCURRENCY = 8;
/** Between two looks for processes that wait to hear that no node is ahead of the database. */
const ANSWER_MS = 200;

/** Until when a policy lets a request wait. Only policies that ask for approval do. */
const delayOf =
  (store: Pick<LedgerStore, 'read'>): CoordinatorPorts['records']['delayedUntil'] =>
  async (orgId, activity) => {
    if (activity.approvalId === undefined) return null;
    const at = Date.now();
    const judged = judgeActivity(await store.read(orgId, { activityIds: [activity.id], at }), activity.id, { at });
    return judged.ok || judged.refusal.code !== DELAYED ? null : Number(judged.refusal.details?.from ?? at);
  };

/** Why policies keep a reserved request from being signed, at the ledger's head. */
export const unsignableOf =
  (store: Pick<LedgerStore, 'read'>): CoordinatorPorts['records']['unsignable'] =>
  async (orgId, activity, patienceMs) => {
    const at = Date.now();
    return whyUnsignable(await store.read(orgId, { activityIds: [activity.id], at }), activity.id, { at, patienceMs });
  };

/** Why a freeze keeps a request from being signed, at the ledger's head. */
export const freezeOf =
  (store: Pick<LedgerStore, 'read'>): CoordinatorPorts['records']['freeze'] =>
  async (orgId, activity) => {
    const found = activityFreeze(await store.read(orgId, { activityIds: [activity.id] }), activity);
    return found?.refusal ?? null;
  };

/** The coordinator: listens for nodes at RELAY_URL, or on a free port it writes into run.json, and does the signing jobs. */
export const startCoordinator = async ({ env, log }: ProcessContext): Promise<RunningProcess> => {
  const onError = (err: Error) => log.warn({ err }, 'database connection lost');
  const db = createDb({ url: databaseUrl(env), onError });
  const { ledger, close } = composeLedger(db, { oracleUrl: env.oracleUrl, onError });
  const sql = pgSql(db.pool);
  const store = createLedgerStore(db);
  const broadcast = composeBroadcast({ db, ledger, chains: broadcastChains(evmClients(env.rpcUrls)), log });
  const relayUrl = env.relayUrl === undefined ? null : new URL(env.relayUrl);
  const coordinator = await createCoordinator({
    quorum: { k: env.threshold, n: env.signers },
    host: relayUrl?.hostname === 'localhost' ? '127.0.0.1' : (relayUrl?.hostname ?? '127.0.0.1'),
    port: relayUrl === null ? 0 : Number(relayUrl.port || 80),
    ports: {
      ledger,
      records: {
        activity: (orgId, id) => getRecord(sql, orgId, 'activity', id),
        wallet: (orgId, id) => getRecord(sql, orgId, 'wallet', id),
        key: (orgId, id) => getRecord(sql, orgId, 'key', id),
        org: (orgId) => getRecord(sql, orgId, 'org', orgId),
        freeze: freezeOf(store),
        delayedUntil: delayOf(store),
        unsignable: unsignableOf(store),
      },
      wake: (payload) => enqueue(sql, { name: 'sign-activity', payload }),
      prepare: broadcast.prepare,
      onReleased: broadcast.onReleased,
      nodes: signerNodeStore(sql),
      witness: createWitnessStore(sql),
      recovered: (orgId, after, entries) => appendRecovered(db, orgId, after, entries),
      replay: LEDGER_PORTS,
      verifyEcdsa: LEDGER_PORTS.verifyEcdsa,
      newApprovalId: () => newId('approval', (length) => new Uint8Array(randomBytes(length))),
      clock: Date.now,
      log: (level, message, fields) => log[level](fields, message),
    },
  });
  if (relayUrl === null) writeRunFile(env.dataDir, { ...readRunFile(env.dataDir), relayUrl: coordinator.relayUrl });
  const answers = startRounds(
    ANSWER_MS,
    async () => {
      const asked = await openRecoveryChecks(sql);
      if (asked.length > 0) await answerRecoveryChecks(sql, asked, await coordinator.waitsFor());
    },
    (error) => log.warn({ err: error }, 'could not say how far the database is; trying again'),
  );
  const worker = startJobWorker({
    db,
    concurrency: CONCURRENCY,
    handlers: {
      'sign-activity': (payload, context) => coordinator.signActivity(payload, context.signal),
      'create-key': (payload, context) => coordinator.createKey(payload, context.signal),
    },
    onError: (err, job) => log.warn({ err, job }, 'signing work failed; trying again'),
  });
  return {
    stop: async () => {
      await answers.stop();
      await worker.stop();
      await coordinator.close();
      await close();
      await db.close();
    },
  };
};
