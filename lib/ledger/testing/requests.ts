import { type Assertion, hashBody, type Statement, statementChallenge } from '@/lib/authentication/statement';
import type { SoftwareCredential } from '@/lib/authentication/testing/software-credentials';
import { getOperation } from '@/lib/contract/table';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { toBase64Url } from '@/lib/domain/hash';
import type { RandomBytes } from '@/lib/domain/ids';
import { contextFor } from '../context';
import type { Effects, Leaf } from '../entry';
import { OPERATION_HANDLERS } from '../operations/index';
import { all, type OrgState } from '../state';

/** Somebody who signs: a person by a credential, or a service account by its token's credential. */
export type Signer = {
  readonly userId: string;
  readonly credential: SoftwareCredential;
  readonly tokenId?: string;
};

export type Params = { readonly [name: string]: string };

/** What a forger changes about an otherwise honest request. */
export type Forgery = {
  readonly statement?: Partial<Statement>;
  readonly effects?: Effects;
  readonly at?: number;
  /** Bytes put beside the entry instead of those that were signed. */
  readonly swappedBody?: Json;
  readonly assertion?: (challenge: string) => Assertion;
};

export type Placed = { readonly leaf: Leaf; readonly body: Uint8Array };

export const pathOf = (operationId: string, params: Params): string =>
  getOperation(operationId).path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? 'missing'));

/** A signed request as an honest server would enter it, or with the forger's changes. The statement fits `state`. */
export const signRequest = (
  input: {
    readonly state: OrgState;
    readonly signer: Signer;
    readonly operationId: string;
    readonly params?: Params;
    readonly body?: Json;
    readonly at: number;
    readonly random: RandomBytes;
    readonly query?: Params;
  },
  forgery: Forgery = {},
): Placed => {
  const { state, signer, operationId, params = {}, at, random } = input;
  const body = input.body === undefined ? new Uint8Array(0) : canonicalBytes(input.body);
  const operation = getOperation(operationId);
  const parsed = operation.body?.safeParse(input.body ?? {});
  const value = parsed?.success ? parsed.data : (input.body ?? {});
  const org = all(state, 'org')[0];
  const due = contextFor(state, { operationId, params, body: value, userId: signer.userId });
  const statement: Statement = {
    v: 1,
    orgId: org?.id ?? '',
    genesis: org?.genesisHash ?? '',
    userId: signer.userId,
    ...(signer.tokenId ? { tokenId: signer.tokenId } : {}),
    method: operation.method,
    path: pathOf(operationId, params),
    bodyHash: hashBody(body),
    serverNonce: toBase64Url(random(32)),
    expiresAt: at + 300_000,
    context: due.ok ? due.value : {},
    ...forgery.statement,
  };
  const handler = OPERATION_HANDLERS.get(operationId);
  const effects = handler?.effects({ body: value, params, query: input.query ?? {}, at, random }) ?? {};
  const sign = forgery.assertion ?? signer.credential.assert;
  const entered = forgery.swappedBody === undefined ? body : canonicalBytes(forgery.swappedBody);
  return {
    body: entered,
    leaf: {
      v: 1,
      at: forgery.at ?? at,
      kind: 'userAction',
      bodyHash: hashBody(entered),
      effects: { ...effects, ...forgery.effects },
      statement,
      assertion: sign(statementChallenge(statement)),
    },
  };
};
