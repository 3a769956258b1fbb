import type { z } from 'zod';

/** Methods the API serves; HEAD and OPTIONS are the front door's own. */
export const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** Who may knock: anybody, the holder of a registration or recovery token, or the holder of a bearer token. */
export type Access = 'public' | 'temporary' | 'bearer';

/**
 * What an operation does to governed state, hence which lock and which ledger entry it needs.
 * `nothing` reads; `session` is login, logout and challenges (no ledger entry); `governance` takes the organisation's lock
 * exclusively; `activity` is a transfer, transaction or signature and takes it shared. Design §4.2.
 */
export type Governs = 'nothing' | 'governance' | 'activity' | 'session';

/** One row of the operation table: everything the front door must know before a handler runs. */
export type Operation = {
  /** `<domain>.<sdkMethod>`, e.g. `wallets.transferAsset`; our own additions are `x.<name>`. */
  readonly id: string;
  readonly method: Method;
  /** Path with `:params`, always from the origin's root. */
  readonly path: string;
  readonly access: Access;
  /** Whether the call must carry a single-use user-action token over exactly this method, path and body. */
  readonly userAction: boolean;
  /** Operations of which any ONE suffices; absent: being the caller suffices. Conditional extra ones are the handler's. */
  readonly permission?: readonly string[];
  readonly governs: Governs;
  /** False: bearer and user action are still checked (401, 403), then the answer is 501. */
  readonly built: boolean;
  /** Closed schema of the JSON body; an absent body, `""` and `{}` all parse as `{}`. */
  readonly body?: z.ZodType;
  /** Closed schema of the query: values are strings, repeated keys are arrays of strings. */
  readonly query?: z.ZodType;
  /** Shape of the 200 answer. */
  readonly response?: z.ZodType;
  /** Whether a policy may turn the call into a change request, answered 202. */
  readonly mayAnswer202?: true;
  /** How success is answered when it is not a JSON document with 200: `empty` is 204, `events` a text/event-stream. */
  readonly answers?: 'empty' | 'events';
};
