import v8 from 'node:v8';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { Policy } from '@/lib/policy/policy';

// Node 20 dies in a deoptimisation of calls from JavaScript into WebAssembly that it has inlined.
v8.setFlagsFromString('--no-turbo-inline-js-wasm-calls');

/** A request as Cedar sees it: money in cents, since Cedar counts in whole numbers. */
export type CedarRequest = {
  readonly walletId: string;
  readonly tags: readonly string[];
  readonly recipient: string;
  readonly cents: number;
  readonly earlierCount: number;
  readonly earlierCents: number;
};

const text = (value: unknown): string => JSON.stringify(String(value));
const list = (values: readonly unknown[]): string => `[${values.map(text).join(', ')}]`;

/** When a rule triggers, in Cedar's words. */
const conditionOf = ({ definition: { rule } }: Policy): string => {
  const { limit, addresses } = rule.configuration ?? {};
  switch (rule.kind) {
    case 'AlwaysTrigger':
      return 'true';
    case 'TransactionAmountLimit':
      return `context.cents > ${Number(limit) * 100}`;
    case 'TransactionAmountVelocity':
      return `context.earlierCents + context.cents > ${Number(limit) * 100}`;
    case 'TransactionCountVelocity':
      return `context.earlierCount >= ${Number(limit)}`;
    default:
      return `!(${list(Array.isArray(addresses) ? addresses : [])}.contains(context.recipient))`;
  }
};

const filterOf = ({ definition: { filters } }: Policy): string => {
  const wallets = filters?.walletId?.in;
  const tags = filters?.walletTags;
  return [
    ...(wallets ? [`${list(wallets)}.contains(context.walletId)`] : []),
    ...(tags?.hasAny ? [`context.tags.containsAny(${list(tags.hasAny)})`] : []),
    ...(tags?.hasAll ? [`context.tags.containsAll(${list(tags.hasAll)})`] : []),
    'true',
  ].join(' && ');
};

const uid = (type: string) => ({ type, id: 'one' });

/**
 * The same policies in Cedar, parsed beforehand. Each triggers as a `forbid`, so that Cedar's reasons are the ids of the policies that
 * triggered: Block, approval and note follow from them as they do with us.
 */
export const cedarOf = (name: string, policies: readonly Policy[]) => {
  const staticPolicies = {
    base: 'permit(principal, action, resource);',
    ...Object.fromEntries(
      policies.map((policy) => [
        policy.id,
        `forbid(principal, action, resource) when { ${filterOf(policy)} && ${conditionOf(policy)} };`,
      ]),
    ),
  };
  const parsed = cedar.preparsePolicySet(name, { staticPolicies });
  if (parsed.type !== 'success') throw new Error(`Cedar does not take the policies: ${JSON.stringify(parsed)}`);
  return (request: CedarRequest): readonly string[] => {
    const answer = cedar.statefulIsAuthorized({
      principal: uid('User'),
      action: uid('Action'),
      resource: uid('Wallet'),
      context: { ...request, tags: [...request.tags] },
      preparsedPolicySetId: name,
      entities: [],
    });
    if (answer.type !== 'success' || answer.response.diagnostics.errors.length > 0)
      throw new Error(`Cedar failed: ${JSON.stringify(answer)}`);
    return answer.response.diagnostics.reason.filter((id) => id !== 'base').toSorted();
  };
};
