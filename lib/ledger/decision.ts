import type { Json } from '@/lib/domain/canonical-json';
import { newId, type RandomBytes } from '@/lib/domain/ids';
import type { Outcome, Refusal } from '@/lib/domain/refusal';
import type { DecisionTrace } from '@/lib/policy/trace';
import type { Effects, Leaf } from './entry';
import type { LedgerPorts } from './ports';
import type { Change, CredentialRecord, RecordKind, Requester, TokenRecord, UserRecord } from './records';
import { find, type OrgState } from './state';

/** What an entry does to the state. */
export type Decided = {
  readonly changes: readonly Change[];
  /** The record the caller asked for. */
  readonly result: { readonly kind: RecordKind; readonly id: string };
  /** 202: a change request waits for approval. */
  readonly status: 200 | 202;
  /** The entry stands, yet the caller is refused: a policy blocked the request. */
  readonly answer?: Refusal;
  /** Why the policies decided so, for the caller; worked out only where somebody is told. */
  readonly trace?: () => DecisionTrace;
};

/** Who signed: the records as they were before the entry; of a passkey that never told it before, with what it says now of its backup. */
export type Actor = {
  readonly user: UserRecord;
  readonly credential: CredentialRecord;
  readonly token?: TokenRecord;
  /** The signature counter of a passkey that has one. */
  readonly counter?: number;
};

export const requesterOf = (actor: Actor): Requester => ({
  userId: actor.user.id,
  ...(actor.token ? { tokenId: actor.token.id } : {}),
  credentialId: actor.credential.id,
});

/** Everything a decision about one user action may look at. */
export type OperationInput<Body = unknown> = {
  readonly state: OrgState;
  readonly leaf: Leaf;
  readonly actor: Actor;
  readonly params: { readonly [name: string]: string };
  readonly body: Body;
  readonly effects: Effects;
  /** The time the entry counts as in its lane: never before an earlier entry of the lane. */
  readonly at: number;
  readonly digest: string;
  /** Digest of the request's rendering. Decoding costs as much as a signature: asked for where approvers will be. */
  readonly rendering: () => string;
  readonly ports: LedgerPorts;
};

/** What the server adds when it makes an entry. Replay never calls this; it checks the result. */
export type EffectsInput = {
  readonly body: unknown;
  readonly params: { readonly [name: string]: string };
  readonly query: { readonly [name: string]: string };
  readonly at: number;
  readonly random: RandomBytes;
};

/** How one operation of the contract table changes the ledger's state. One file per resource in `operations/`. */
export type LedgerOperation = {
  readonly operationId: string;
  /** The lane whose order the entry joins, and the locks the API takes: all governance, or one wallet. */
  readonly lane: (input: { state: OrgState; params: { readonly [name: string]: string } }) => string;
  readonly effects: (input: EffectsInput) => Effects;
  // biome-ignore lint/suspicious/noExplicitAny: each operation narrows its own body, parsed by the contract's schema.
  readonly decide: (input: OperationInput<any>) => Outcome<Decided>;
};

export const GOVERNANCE = 'governance';
/** Of a request whose subject is unknown: it is refused, so no order matters. */
export const NO_LANE = 'none';
export const governanceLane = (): string => GOVERNANCE;

/** Wallets on one key share its lane: the order, and the lock, in which their windows are judged. */
export const keyLane = (state: OrgState, params: { readonly [name: string]: string }): string =>
  params.keyId ?? find(state, 'wallet', params.walletId ?? '')?.keyId ?? NO_LANE;

/** Ids for the effects of an entry. */
export const makeId = (kind: Parameters<typeof newId>[0], input: EffectsInput): string => newId(kind, input.random);

export const textEffect = (effects: Effects, name: string): string | null => {
  const value = effects[name];
  return typeof value === 'string' ? value : null;
};

export const numberEffect = (effects: Effects, name: string): number | null => {
  const value = effects[name];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
};

export const asJson = (value: unknown): Json => value as Json;
