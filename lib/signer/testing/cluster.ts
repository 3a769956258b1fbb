import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LedgerService } from '@/lib/activity/ports';
import { hashBody, type Statement, statementChallenge } from '@/lib/authentication/statement';
import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import { composeBroadcast } from '@/lib/compose/broadcast';
import { freezeOf, unsignableOf } from '@/lib/compose/coordinator';
import { type Coordinator, type CoordinatorOptions, createCoordinator } from '@/lib/compose/coordinator/coordinator';
import { composeLedger } from '@/lib/compose/ledger';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import { createDb } from '@/lib/db/client';
import { appendRecovered } from '@/lib/db/ledger-recovery';
import { createLedgerStore } from '@/lib/db/ledger-store';
import { getRecord } from '@/lib/db/records';
import { sequenceOnce } from '@/lib/db/sequencer';
import { listSignerRefusals, signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase } from '@/lib/db/testing/postgres';
import { createWitnessStore } from '@/lib/db/witness-store';
import type { Json } from '@/lib/domain/canonical-json';
import { type IdKind, newId } from '@/lib/domain/ids';
import { type Genesis, genesisHash } from '@/lib/ledger/genesis';
import { type SignerNode, type SignerNodeOptions, startSignerNode } from '@/lib/signer/node';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const id = (kind: IdKind): string => newId(kind, random);

/** Everything a signing test needs, all of it real: PostgreSQL ledger, sequencer, coordinator, WebSocket relay, n nodes with their stores. */
export type Cluster = Awaited<ReturnType<typeof startCluster>>;

export const startCluster = async (options: {
  readonly k: number;
  readonly n: number;
  readonly tap?: CoordinatorOptions['tap'];
  readonly patienceMs?: number;
  /** Puts something before the real preparation. */
  readonly prepare?: (real: CoordinatorOptions['ports']['prepare']) => CoordinatorOptions['ports']['prepare'];
  readonly clock?: (node: number) => () => number;
}) => {
  const { k, n } = options;
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-signers-'));
  const database = await createTestDatabase();
  const db = createDb({ url: database.url });
  const { ledger, close } = composeLedger(db);
  const sql = pgSql(db.pool);
  const lines: string[] = [];
  const woken: string[] = [];
  const log = (level: string, message: string, fields: object): void => {
    lines.push(JSON.stringify({ level, message, ...fields }));
  };
  let isOpen = true;
  const sequencing = (async () => {
    while (isOpen) if ((await sequenceOnce(db).catch(() => 0)) === 0) await pause(5);
  })();

  const broadcast = composeBroadcast({ db, ledger, chains: () => null });
  const coordinator: Coordinator = await createCoordinator({
    quorum: { k, n },
    port: 0,
    patienceMs: options.patienceMs ?? 8_000,
    heartbeatMs: 3_600_000,
    tap: options.tap,
    ports: {
      ledger,
      records: {
        activity: (orgId, activityId) => getRecord(sql, orgId, 'activity', activityId),
        wallet: (orgId, walletId) => getRecord(sql, orgId, 'wallet', walletId),
        key: (orgId, keyId) => getRecord(sql, orgId, 'key', keyId),
        org: (orgId) => getRecord(sql, orgId, 'org', orgId),
        delayedUntil: async () => null,
        unsignable: unsignableOf(createLedgerStore(db)),
        freeze: freezeOf(createLedgerStore(db)),
      },
      wake: async (job) => void woken.push(job.activityId),
      prepare: options.prepare?.(broadcast.prepare) ?? broadcast.prepare,
      onReleased: broadcast.onReleased,
      nodes: signerNodeStore(sql),
      witness: createWitnessStore(sql),
      recovered: (orgId, after, entries) => appendRecovered(db, orgId, after, entries),
      replay: LEDGER_PORTS,
      verifyEcdsa: LEDGER_PORTS.verifyEcdsa,
      newApprovalId: () => id('approval'),
      clock: Date.now,
      log,
    },
  });

  const nodes = new Map<number, SignerNode>();
  const directory = (node: number): string => path.join(root, `signer-${node}`);
  const start = (node: number, changes: Partial<SignerNodeOptions> = {}): SignerNode => {
    const started = startSignerNode({
      node,
      k,
      n,
      directory: directory(node),
      genesis: 'any',
      relayUrl: () => coordinator.relayUrl,
      ports: LEDGER_PORTS,
      log: (level, message, fields) => log(level, message, { node, ...fields }),
      onFatal: (error) => {
        throw error;
      },
      clock: options.clock?.(node),
      ...changes,
    });
    nodes.set(node, started);
    return started;
  };
  const stop = (node: number): void => {
    nodes.get(node)?.close();
    nodes.delete(node);
  };
  for (let node = 1; node <= n; node += 1) start(node);

  const connected = () => until(() => coordinator.relay.connected().length === n);
  const pairsReady = () =>
    until(() => everyPair(n, (a, b) => coordinator.directory.commonEpochs(a, b).length > 0), 90_000);
  const organisation = () => createOrganisation(ledger, { k, n, nodes });
  return {
    root,
    coordinator,
    ledger,
    prepare: broadcast.prepare,
    lines,
    /** Requests the coordinator has asked to be looked at again. */
    woken,
    nodes,
    start,
    stop,
    directory,
    sql,
    log,
    refusals: (orgId: string, activityId: string) => listSignerRefusals(sql, orgId, activityId),
    record: <K extends Parameters<typeof getRecord>[2]>(orgId: string, kind: K, recordId: string) =>
      getRecord(sql, orgId, kind, recordId),
    connected,
    pairsReady,
    organisation,
    /** Waits until every node is there and every pair is set up, with an organisation that has a key made by all of them. */
    organisationWithKey: async () => {
      await connected();
      const org = await organisation();
      const keyId = await org.key();
      const again = await coordinator.createKey({ orgId: org.orgId, keyId });
      if (again) throw new Error('The key was not made.');
      await pairsReady();
      return { org, keyId };
    },
    close: async () => {
      for (const node of [...nodes.keys()]) stop(node);
      await coordinator.close();
      isOpen = false;
      await sequencing;
      await close();
      await db.close();
      await database.drop();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
};

const everyPair = (n: number, holds: (a: number, b: number) => boolean): boolean => {
  for (let a = 1; a <= n; a += 1) for (let b = a + 1; b <= n; b += 1) if (!holds(a, b)) return false;
  return true;
};

/** An organisation with one administrator who signs requests in software. */
export const createOrganisation = async (
  ledger: Pick<LedgerService, 'append' | 'submit' | 'context' | 'waitChained'>,
  { k, n, nodes }: { k: number; n: number; nodes: ReadonlyMap<number, Pick<SignerNode, 'certificate'>> },
) => {
  const admin = softwareKey();
  const orgId = id('organisation');
  const userId = id('user');
  const genesis: Genesis = {
    specVersion: 'countersign/1',
    orgId,
    rpId: 'localhost',
    origins: ['http://localhost:3000'],
    k,
    n,
    nodes: Array.from({ length: n }, (_, i) => nodes.get(i + 1)?.certificate as Genesis['nodes'][number]),
    oracleKeys: [],
    firstAdmin: {
      userId,
      credentials: [{ id: id('credential'), kind: 'Key', credId: admin.credId, publicKey: admin.publicKey }],
    },
    fullAdmin: { permissionId: id('permission'), assignmentId: id('assignment') },
    enrolment: 'server',
    strict: false,
    createdAt: Date.now(),
  };
  const append = async (kind: Parameters<LedgerService['append']>[0]['kind'], body: Json) => {
    const outcome = await ledger.append({ orgId, kind, body, effects: {} });
    if (!outcome.ok) throw new Error(`${kind}: ${outcome.refusal.message}`);
    return ledger.waitChained(orgId, outcome.value.leafId, 10_000);
  };
  await append('genesis', genesis as unknown as Json);
  const act = async (
    operationId: string,
    method: string,
    url: string,
    content: Json,
  ): Promise<{ id: string; seq: number }> => {
    const body = Buffer.from(JSON.stringify(content));
    const statement: Statement = {
      v: 1,
      orgId,
      genesis: genesisHash(genesis),
      userId,
      method,
      path: url,
      bodyHash: hashBody(body),
      serverNonce: randomBytes(32).toString('base64url'),
      expiresAt: Date.now() + 120_000,
      context: await ledger.context({ orgId, userId, method, path: url, body }),
    };
    const outcome = await ledger.submit({
      orgId,
      operationId,
      statement,
      assertion: admin.assert(statementChallenge(statement)),
      body,
      query: {},
    });
    if (!outcome.ok) throw new Error(`${operationId}: ${outcome.refusal.code} ${outcome.refusal.message}`);
    return { id: outcome.value.result.id, seq: await ledger.waitChained(orgId, outcome.value.leafId, 10_000) };
  };
  return {
    orgId,
    genesis,
    append,
    act,
    key: async () => (await act('keys.createKey', 'POST', '/keys', { scheme: 'ECDSA', curve: 'secp256k1' })).id,
    signature: async (keyId: string) =>
      (
        await act('keys.generateSignature', 'POST', `/keys/${keyId}/signatures`, {
          kind: 'Hash',
          hash: `0x${randomBytes(32).toString('hex')}`,
        })
      ).id,
  };
};

export const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));

/** Waits until it holds. @throws after the timeout. */
export const until = async (holds: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> => {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come to hold in time.');
    await pause(20);
  }
};
