import { type Call, callOf } from '@/lib/chain/evm/call';
import type { ActivitySummary } from './shapes';

/** What a request calls, as its body says it; null for what calls nothing, or can’t be read. `data` is lower-case hex. */
export type AskedCall = Call;

type Body = { readonly kind: string; readonly [property: string]: unknown };
const isBody = (body: unknown): body is Body =>
  typeof body === 'object' && body !== null && 'kind' in body && typeof body.kind === 'string';

/** The call of a request’s body; take it from the checked ledger entry where it is shown as what happens. */
export const askedCall = (
  { kind, network }: Pick<ActivitySummary, 'kind' | 'network'>,
  body: unknown,
): AskedCall | null =>
  isBody(body) && kind !== 'Signature' && network !== undefined
    ? callOf({ activityKind: kind, network, requestBody: body })
    : null;
