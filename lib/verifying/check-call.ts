import type { Statement } from '@/lib/authentication/statement';
import type { Call } from './call';
import { checkStatement } from './check-statement';
import type { Difference } from './difference';
import { dueContext } from './due-context';
import type { Read } from './read';
import type { Approval } from './shapes';

/** Who calls, as the client itself knows it. */
export type Caller = {
  readonly orgId: string;
  readonly userId: string;
  /** Of a personal access or service-account token; absent for a session. */
  readonly tokenId?: string;
  /** Hash of the genesis that the client holds the organisation to. */
  readonly genesis: string;
};

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { readonly context?: unknown }).context === 'object' &&
  (value as { readonly context?: unknown }).context !== null;

/**
 * Compares the challenge that the server offers for a call with the call.
 * @returns every difference; an empty list means that signing the challenge signs this call and nothing else.
 */
export const checkCall = async (input: {
  readonly call: Call;
  readonly challenge: { readonly challenge: string; readonly statement?: unknown };
  readonly caller: Caller;
  readonly read: Read;
  readonly shown?: Approval;
  readonly fingerprints?: readonly string[];
  /** This machine's clock, unix milliseconds. */
  readonly now: number;
}): Promise<readonly Difference[]> => {
  const { call, challenge, caller, read, shown, fingerprints, now } = input;
  const { statement } = challenge;
  if (!isStatement(statement))
    return [{ what: 'statement', shown: 'a challenge with its statement', asked: 'a challenge without one' }];
  const due = await dueContext({
    call,
    known: caller,
    offered: statement.context,
    read,
    ...(shown && { shown }),
    ...(fingerprints && { fingerprints }),
  });
  if (!due.ok) return due.differences;
  return checkStatement(challenge.challenge, statement, {
    ...caller,
    method: call.operation.method,
    path: call.path,
    body: call.body,
    context: due.context,
    open: due.open,
    now,
  });
};
