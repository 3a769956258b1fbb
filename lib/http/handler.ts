import type { ChallengeRow } from '@/lib/authentication/ports';
import type { Assertion, Statement } from '@/lib/authentication/statement';
import type { Proof } from '@/lib/authorization/role-rules';
import type { Operation } from '@/lib/contract/operation';
import { type Outcome, type Refusal, RefusalError } from '@/lib/domain/refusal';
import type { OrgRecord, TokenRecord, UserRecord } from '@/lib/ledger/records';
import type { OrgState } from '@/lib/ledger/state';
import type { Services } from './services';

/** Who makes a request, with what may be asked about their rights. */
export type Caller = {
  readonly org: OrgRecord;
  readonly user: UserRecord;
  /** The personal access or service-account token used; absent in a login session. */
  readonly token?: TokenRecord;
  /** Id of the session or token. */
  readonly jti: string;
  /** How they proved who they are, for roles with rules: by signing this very request, or by signing in. */
  readonly proof: Proof;
  /** The organisation's governance as it stood when the request came in. */
  readonly state: OrgState;
};

/** A request after every check of the front door. */
export type ApiRequest = {
  readonly id: string;
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  /** Parsed by the operation's schema. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Parsed by the operation's schema. */
  readonly body: unknown;
  /** The exact bytes received. */
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** Where it came from, as the mount tells; `unknown` where it can't. */
  readonly address: string;
  /** Present on bearer operations. */
  readonly caller?: Caller;
  /** Present on temporary operations: the challenge of the registration or recovery that the token belongs to. */
  readonly registration?: ChallengeRow;
  /** Present on operations with a user action, verified and spent. */
  readonly signed?: { readonly statement: Statement; readonly assertion: Assertion };
  /** Ends when the client goes away. */
  readonly signal: AbortSignal;
};

/** What is sent back: a JSON document (200 unless said otherwise), or a stream of the given media type. */
export type Answer =
  | { readonly status?: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly stream: ReadableStream<Uint8Array>;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Does one operation. Refusals are thrown as RefusalError. */
export type Handler = (request: ApiRequest, services: Services) => Promise<Answer>;

/** Handlers by operation id. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The caller of a bearer operation. @throws when the operation is not one: a bug. */
export const callerOf = (request: ApiRequest): Caller => {
  if (!request.caller) throw new Error(`${request.operation.id} has no caller.`);
  return request.caller;
};

/** The value, or the refusal thrown to the front door. */
export const orRefuse = <T>(outcome: Outcome<T>): T => {
  if (outcome.ok) return outcome.value;
  throw new RefusalError(outcome.refusal);
};

/** Throws a refusal to the front door. */
export const refuse = ({ refusal }: { readonly refusal: Refusal }): never => {
  throw new RefusalError(refusal);
};
