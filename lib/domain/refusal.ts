/**
 * A refusal: a decision, not an exception. The same value answers an API call (with `status`), makes a ledger entry void
 * at replay (`code`, `message`), and is what a signer node logs.
 */
export type Refusal = {
  /** `<room>.<what>`, closed list in docs/errors; never a secret. */
  readonly code: string;
  /** HTTP status the front door answers with. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 501 | 503;
  /** What happened and what to do, in one sentence. */
  readonly message: string;
  readonly details?: { readonly [key: string]: unknown };
};

/** Either a value or the refusal that stands in its place. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const accepted = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const refused = (
  status: Refusal['status'],
  code: string,
  message: string,
  details?: Refusal['details'],
): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: details ? { code, status, message, details } : { code, status, message },
});

/** Thrown only at the edges (HTTP, workers) to carry a refusal through code that can't return one. */
export class RefusalError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
    this.name = 'RefusalError';
  }
}

/** Ends an exhaustive switch: adding a member to the union breaks the build here. */
export const unreachable = (value: never): never => {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
};
