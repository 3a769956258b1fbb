import { hashBody, STATEMENT_LIFE_MS, type Statement, statementChallenge } from '@/lib/authentication/statement';
import type { Json } from '@/lib/domain/canonical-json';
import { canonicalJson } from '@/lib/domain/canonical-json';
import { utf8ToBytes } from '@/lib/domain/hash';
import { expiryDifference } from './check-expiry';
import type { Difference } from './difference';

/** What the screen shows and the person means to sign. */
export type Shown = {
  readonly orgId: string;
  readonly userId: string;
  /** Of the token that is used; absent for a session. */
  readonly tokenId?: string;
  /** Hash of the genesis this browser knows the organisation by. */
  readonly genesis: string;
  readonly method: string;
  readonly path: string;
  /** The exact body that will be sent. */
  readonly body: string;
  /** What the statement's context must hold; keys that are left out here are not compared. */
  readonly context?: Readonly<Record<string, Json | undefined>>;
  /** When given, the context may hold these members and those of `context`, and no others. */
  readonly open?: readonly string[];
  /** This machine's clock, unix milliseconds: the server's word on the time is what is checked. */
  readonly now: number;
};

const text = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : canonicalJson(value);

/** By canonical form; a text is never the same as a document that reads like it, nor as nothing. */
const isSame = (mine: Json | undefined, theirs: Json | undefined): boolean =>
  mine === undefined || theirs === undefined ? mine === theirs : canonicalJson(mine) === canonicalJson(theirs);

/**
 * Compares the statement behind a challenge with what the screen shows.
 * @returns every difference; an empty list means that signing the challenge signs what is shown, and nothing else.
 */
export const checkStatement = (challenge: string, statement: Statement, shown: Shown): readonly Difference[] => {
  const differences: Difference[] = [];
  const compare = (what: string, mine: Json | undefined, theirs: Json | undefined) => {
    if (!isSame(mine, theirs)) differences.push({ what, shown: text(mine), asked: text(theirs) });
  };
  compare('organisation', shown.orgId, statement.orgId);
  compare('genesis', shown.genesis, statement.genesis);
  compare('person', shown.userId, statement.userId);
  compare('token', shown.tokenId, statement.tokenId);
  compare('method', shown.method, statement.method);
  compare('path', shown.path, statement.path);
  compare('body', hashBody(utf8ToBytes(shown.body)), statement.bodyHash);
  for (const [key, value] of Object.entries(shown.context ?? {}))
    compare(`context: ${key}`, value, statement.context[key]);
  const expected = shown.open && [...Object.keys(shown.context ?? {}), ...shown.open];
  for (const [key, value] of Object.entries(statement.context))
    if (expected && !expected.includes(key)) compare(`context: ${key}`, undefined, value);
  const expiry = expiryDifference(statement.expiresAt, shown.now, STATEMENT_LIFE_MS);
  if (expiry) differences.push(expiry);
  compare('challenge', statementChallenge(statement), challenge);
  return differences;
};
