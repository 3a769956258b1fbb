import type { Assertion, Statement, StatementContext } from '@/lib/authentication/statement';
import type { Json } from '@/lib/domain/canonical-json';
import type { Outcome } from '@/lib/domain/refusal';
import type { Actor } from '@/lib/ledger/decision';
import type { Effects, EntryKind, NodeSignature } from '@/lib/ledger/entry';
import type { IncomingTransfer } from '@/lib/ledger/incoming-entries';
import type { ActivityRecord, RecordKind } from '@/lib/ledger/records';
import type { PolicyDefinition } from '@/lib/policy/policy';
import type { DecisionTrace } from '@/lib/policy/trace';

/** A definition judged as if it were in force: in place of the policy it names, or beside all of them. */
type Draft = { readonly draft?: { readonly policyId?: string; readonly definition: PolicyDefinition } };

/** A request as it would be made: one for a signature, or a change of one governed object. */
export type TriedRequest = Draft &
  (
    | { readonly kind: 'Transfer' | 'Transaction' | 'Signature'; readonly walletId: string; readonly body: unknown }
    | { readonly kind: 'KeySignature'; readonly keyId: string; readonly body: unknown }
    /** Of one policy, or of something else that the same policies govern. */
    | { readonly kind: 'Policies:Modify'; readonly policyId?: string }
    | { readonly kind: 'Permissions:Modify' | 'Permissions:Assign'; readonly permissionId: string }
  );

/** One chained entry as it travels to the signers: canonical bytes and the body beside them. */
export type FeedItem = { readonly seq: number; readonly bytes: Uint8Array; readonly body: Uint8Array };

/** What a submitted request led to: the record to show, and 202 where a change request waits for approval. */
export type Submitted = {
  readonly leafId: string;
  readonly status: 200 | 202;
  readonly result: { readonly kind: RecordKind; readonly id: string };
};

/** A request whose user action was verified and consumed by the front door. */
export type SignedRequest = {
  readonly orgId: string;
  readonly operationId: string;
  readonly statement: Statement;
  readonly assertion: Assertion;
  /** Exact bytes received. */
  readonly body: Uint8Array;
  /** Unsigned switches of the query, e.g. force. */
  readonly query: { readonly [name: string]: string };
};

/** `current`: nothing has to be asked. `unanswered`: a vendor did not answer, or the oracle did not. */
export type ScreenedAgain =
  | { readonly kind: 'current' | 'unanswered' }
  | { readonly kind: 'renewed'; readonly leafId: string };

/** The one way into the ledger: locks, decides with the same code as the signers, writes records, leaf and jobs in one transaction. */
export type LedgerService = {
  /** The statement context due for a request (design §4.1); `{}` where nothing is due or the caller may not know. Used by /auth/action/init. */
  context(input: {
    readonly orgId: string;
    readonly userId: string;
    readonly tokenId?: string;
    readonly method: string;
    /** Encoded pathname, without query. */
    readonly path: string;
    readonly body: Uint8Array;
  }): Promise<StatementContext>;
  /** Earliest time of the signature of a request that waits, unix ms; null where no policy lets it wait. */
  notBefore(input: { readonly orgId: string; readonly activityId: string }): Promise<number | null>;
  /** What the policies would say to a request this moment; nothing is stored. */
  simulate(input: {
    readonly orgId: string;
    readonly actor: Pick<Actor, 'user' | 'token'>;
    readonly request: TriedRequest;
  }): Promise<Outcome<DecisionTrace>>;
  /** Why an activity was decided as it was; what its request was told. */
  decision(input: { readonly orgId: string; readonly activity: ActivityRecord }): Promise<DecisionTrace>;
  submit(request: SignedRequest): Promise<Outcome<Submitted>>;
  /** Entries without a user's statement: reserve, release, abandon, certificate, checkpoint, expiry, broadcast, reopen, reject, registration, screening, incoming, genesis. */
  append(input: {
    readonly orgId: string;
    readonly kind: EntryKind;
    readonly body: Json | Uint8Array;
    readonly effects?: Effects;
    readonly nodeSignatures?: readonly NodeSignature[];
  }): Promise<Outcome<{ readonly leafId: string }>>;
  /**
   * Has a request that is about to be signed screened again, where a policy in force reads a screening and the answer at hand is older
   * than the request's last decision. `failures: 'wait'`: writes nothing while a vendor or the oracle does not answer.
   */
  screenAgain(input: {
    readonly orgId: string;
    readonly activityId: string;
    readonly failures: 'wait' | 'take';
  }): Promise<ScreenedAgain>;
  /** Has a transfer that a chain shows into a wallet judged by the policies that look at that, once. */
  judgeIncoming(input: {
    readonly orgId: string;
    readonly transfer: IncomingTransfer;
    readonly failures: 'wait' | 'take';
  }): Promise<'judged' | 'unanswered'>;
  /** Resolves with the entry's `seq` once the sequencer has chained it. @throws after the timeout. */
  waitChained(orgId: string, leafId: string, timeoutMs: number): Promise<number>;
  head(orgId: string): Promise<{ readonly seq: number; readonly hash: string; readonly root: string } | null>;
  /** Chained entries from `fromSeq` on, at most `limit`. */
  feed(orgId: string, fromSeq: number, limit: number): Promise<readonly FeedItem[]>;
  organisations(): Promise<readonly string[]>;
  /** Whether something waits for a checkpoint to open it: a wait after a recovery, an escalation of a change, a delegation, a cooling day. @param now Unix milliseconds. */
  hasOpeningDue(orgId: string, now: number): Promise<boolean>;
  /** Calls back whenever entries of an organisation were chained. Returns the unsubscribe function. */
  onChained(listener: (orgId: string) => void): () => void;
};
