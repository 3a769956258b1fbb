import type { Statement } from '@/lib/authentication/statement';
import type { ChainRulesFor, Quote } from '@/lib/chain/adapter';
import { chainRulesFor } from '@/lib/chain/rules';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';
import type { Facts } from '@/lib/policy/facts';
import { ACTIVITY_KIND_OF, intentOf, isSpeedUp } from './intent';

/** A signed request, resolved against the contract table; `body` is parsed by the operation's closed schema. */
export type SignedRequest = {
  readonly operationId: string;
  readonly params: { readonly [name: string]: string };
  readonly body: unknown;
  readonly statement: Pick<Statement, 'userId' | 'tokenId' | 'context'>;
};

/** The words an approver reads, in order: what and its value (docs/verifying-clients.md, "Rendering"). */
export type Rendering = { readonly v: 1; readonly lines: readonly (readonly [what: string, value: string])[] };

const contextText = (request: SignedRequest, name: string): string | undefined => {
  const value = request.statement.context[name];
  return typeof value === 'string' ? value : undefined;
};

const isCancel = (operationId: string): boolean => operationId.startsWith('wallets.cancel');

/**
 * What a request for a signature really does, decoded from the request alone; null for an operation that asks for none or a network
 * this version does not serve. A speed-up does what the request does that its statement names: it has no facts of its own. A cancel moves nothing: zero of the native coin to the wallet itself.
 */
export const factsOfRequest = (
  request: SignedRequest,
  quote: Quote | null = null,
  rulesFor: ChainRulesFor = chainRulesFor,
): Facts | null => {
  const kind = ACTIVITY_KIND_OF[request.operationId];
  const network = contextText(request, 'network') ?? 'KeyECDSA';
  const address = contextText(request, 'address');
  const rules = kind ? rulesFor(network) : null;
  if (!kind || !rules || isSpeedUp(request.operationId)) return null;
  const sender = { network, ...(address && { address }) };
  const cancels = isCancel(request.operationId);
  const facts = rules.explainIntent(
    intentOf(kind, sender, cancels ? { kind: 'CancelTransaction' } : request.body),
    quote,
  );
  return cancels
    ? { ...facts, kind: 'transfer', recipient: address ?? null, asset: { kind: 'Native' }, amount: '0', quote: null }
    : facts;
};

const UNKNOWN = 'unknown';
type Line = readonly [string, string];

const line = (what: string, value: string | null | undefined): readonly Line[] =>
  value === null || value === undefined ? [] : [[what, value]];

const factLines = (facts: Facts): readonly Line[] => [
  ['does', facts.kind],
  ['network', facts.network],
  ['recipient', facts.recipient ?? UNKNOWN],
  ['asset', facts.asset === null ? UNKNOWN : facts.asset.kind === 'Native' ? 'native' : facts.asset.contract],
  ['amount in base units', facts.amount ?? UNKNOWN],
  ...line('network fee at most, in base units', facts.feeCeiling),
];

/** A speed-up does what another request does, at a higher fee: which one, by its digest, and how much it may pay. */
const speedUpLines = (request: SignedRequest): readonly Line[] => [
  ...line('does once more, at a higher fee', contextText(request, 'activityId')),
  ...line('digest of that request', contextText(request, 'activityDigest')),
  ...line('network fee at most, in base units', contextText(request, 'feeCeiling')),
];

/**
 * Renders a request: every word that an approver is asked to agree to, from the signed request alone. The price is left out: it is
 * the oracle's word about the day, and moves nothing. The whole body stands at the end, so that nothing signed is left unsaid.
 */
export const renderingOf = (request: SignedRequest, rulesFor: ChainRulesFor = chainRulesFor): Rendering => {
  const { operationId, params, statement } = request;
  const facts = factsOfRequest(request, null, rulesFor);
  return {
    v: 1,
    lines: [
      ['operation', operationId],
      ['requester', statement.userId],
      ...line('token', statement.tokenId),
      ...Object.keys(params)
        .sort()
        .map((name): Line => [name, params[name] ?? '']),
      ...line('address', contextText(request, 'address')),
      ...line('replaces version', contextText(request, 'replaces')),
      ...(isSpeedUp(operationId) ? speedUpLines(request) : []),
      ...(facts ? factLines(facts) : []),
      ['body', canonicalJson((request.body ?? {}) as Json)],
    ],
  };
};

/** Digest of a rendering, lower-case hex: what a decision's statement carries in its context (design §4.1). */
export const renderingDigest = (rendering: Rendering): string =>
  bytesToHex(hashParts('countersign/rendering/1', canonicalJson(rendering as unknown as Json)));
