import type { LedgerService } from '@/lib/activity/ports';
import { followAttempt } from '@/lib/broadcast/follow';
import type { AttemptStore, BroadcastActivity, ChainFor, RecordPorts } from '@/lib/broadcast/ports';
import { asRuled, type Preparation, prepared, refusedForGood, refusedForNow } from '@/lib/broadcast/preparation';
import { prepareTransaction } from '@/lib/broadcast/prepare';
import { acceptSignature } from '@/lib/broadcast/released';
import { buildMessage } from '@/lib/chain/evm/build';
import { chainRulesFor } from '@/lib/chain/rules';
import type { Db } from '@/lib/db/client';
import { enqueue } from '@/lib/db/job-queue';
import type { JobHandlers } from '@/lib/db/job-worker';
import { getRecord } from '@/lib/db/records';
import { signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql, type Sql } from '@/lib/db/sql';
import { attemptStore } from '@/lib/db/transaction-attempts';
import { RefusalError } from '@/lib/domain/refusal';
import { type EcdsaSignature, pinId } from '@/lib/domain/signing';
import { intentOfActivity } from '@/lib/ledger/intent';
import type { ActivityRecord, WalletRecord } from '@/lib/ledger/records';
import type { Logger } from '@/lib/logger';

/** Everything other processes need of broadcasting. `prepare` and `onReleased` are the coordinator's ports as they are. */
export type Broadcast = {
  /** Builds what an approved activity asks to have signed. The wallet is null for a bare key. */
  readonly prepare: (activity: ActivityRecord, wallet: WalletRecord | null) => Promise<Preparation>;
  /** Stores a signed transaction and asks for its broadcast; for other signatures there is nothing to do. @throws {RefusalError} */
  readonly onReleased: (orgId: string, activity: ActivityRecord, signature: EcdsaSignature) => Promise<void>;
  /** The broadcaster's work. */
  readonly handlers: JobHandlers;
  /** Asks again for every signed transaction that is not at its end. */
  readonly resume: () => Promise<number>;
};

export type BroadcastDeps = {
  readonly db: Pick<Db, 'pool'>;
  /** Only what is told to the ledger. */
  readonly ledger: Pick<LedgerService, 'append'>;
  readonly chains: ChainFor;
  readonly log?: Pick<Logger, 'info' | 'warn'>;
  /** Time between two looks at an attempt. */
  readonly pollMs?: number;
};

const POLL_MS = 1000;
/** Confirmed and waiting to be final: nothing is urgent any more. */
const FINALITY_POLL_MS = 4000;

export const composeBroadcast = ({ db, ledger, chains, log, pollMs = POLL_MS }: BroadcastDeps): Broadcast => {
  const sql = pgSql(db.pool);
  const store = attemptStore(db.pool);
  const records = recordPorts(sql, ledger);
  return {
    prepare: async (activity, wallet) => {
      const place = wallet ?? { network: activity.network ?? 'KeyECDSA' };
      const intent = intentOfActivity(activity, place);
      if (activity.kind === 'Signature') return prepareSignature(intent);
      const chain = chains(place.network);
      const orgId = await orgOf(sql, activity.id);
      if (!chain || !wallet || orgId === null)
        return refusedForNow(
          503,
          'broadcast.no_node',
          `No node is configured for ${place.network}: set RPC_URL_${place.network}.`,
        );
      try {
        return await prepareTransaction(
          { orgId, activity: asSeen(activity), wallet, intent },
          { store, records, chain },
        );
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return refusedForNow(503, 'broadcast.unavailable', `The transaction could not be prepared: ${message}`);
      }
    },
    onReleased: async (orgId, activity, signature) => {
      const wallet = activity.walletId === undefined ? null : await getRecord(sql, orgId, 'wallet', activity.walletId);
      const chain = wallet && chains(wallet.network);
      if (activity.kind === 'Signature') return;
      if (!wallet || !chain) throw new Error(`No node is configured for the network of ${activity.id}.`);
      const intent = intentOfActivity(activity, wallet);
      const taken = await acceptSignature(
        { orgId, activity: asSeen(activity), wallet, intent, signature },
        { store, records, chain },
      );
      if (!taken.ok) throw new RefusalError(taken.refusal);
    },
    handlers: {
      broadcast: async ({ attemptId }, context) => {
        const attempt = await store.find(attemptId);
        const chain = attempt && chains(attempt.network);
        if (!attempt) return undefined;
        // A node that is away is no failure of this job: a buried job would leave a signed transaction to nobody.
        if (!chain) return { againInMs: 10 * pollMs };
        const onNews = (_attempt: unknown, news: string) =>
          log?.info({ activityId: attempt.activityId, hash: attempt.hash, news }, 'transaction');
        const look = followAttempt(attemptId, { store, records, chain, onNews });
        const { isOver } = await look.catch((err: unknown) => {
          log?.warn({ err, attemptId }, 'could not look after a transaction; trying again');
          return { isOver: false };
        });
        if (isOver || context.signal.aborted) return isOver ? undefined : { againInMs: 0 };
        const now = await store.find(attemptId);
        return { againInMs: now?.state === 'mined' ? Math.min(FINALITY_POLL_MS, 4 * pollMs) : pollMs };
      },
    },
    resume: () => resume(store, sql),
  };
};

const resume = async (store: AttemptStore, sql: Sql): Promise<number> => {
  const open = await store.open();
  for (const { orgId, id } of open) await enqueue(sql, { name: 'broadcast', payload: { orgId, attemptId: id } });
  return open.length;
};

/** A signature has neither nonce nor fee: its pin is the digest. */
const prepareSignature = (intent: Parameters<typeof buildMessage>[0]): Preparation => {
  const rules = chainRulesFor(intent.network);
  const built = asRuled(buildMessage(intent));
  if (!rules) return refusedForGood(400, 'network.not_enabled', `network not enabled: ${intent.network}`);
  if (!built.ok) return built;
  const checked = asRuled(rules.checkUnsigned(intent, built.value));
  if (!checked.ok) return checked;
  return prepared({ unsigned: built.value, digest: checked.value.digest, pin: checked.value.pin, attempt: 1 });
};

const recordPorts = (sql: Sql, ledger: Pick<LedgerService, 'append'>): RecordPorts => ({
  activity: async (orgId, activityId) => {
    const activity = await getRecord(sql, orgId, 'activity', activityId);
    return activity && asSeen(activity);
  },
  pinHeldByOther: async (orgId, pin, activityId) => {
    const held = await getRecord(sql, orgId, 'pin', pinId(pin));
    return held !== null && held.holder !== '' && held.holder !== activityId && held.cancelledBy !== activityId;
  },
  progress: (orgId, activityId, progress) =>
    ledger.append({ orgId, kind: 'broadcast', body: { activityId, ...progress }, effects: {} }),
  waits: (orgId, activityId, { code, message }) =>
    signerNodeStore(sql).refusal({ orgId, activityId, node: 0, code, message }),
});

const asSeen = (activity: ActivityRecord): BroadcastActivity => activity;

const orgOf = async (sql: Sql, activityId: string): Promise<string | null> => {
  const { rows } = await sql.query<{ org_id: string }>(
    "SELECT org_id FROM ledger_records WHERE kind = 'activity' AND id = $1",
    [activityId],
  );
  return rows[0]?.org_id ?? null;
};
