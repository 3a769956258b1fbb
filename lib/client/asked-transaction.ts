import { type Call, transactionCall } from '@/lib/chain/evm/transaction-call';
import type { ActivityDetail, ActivitySummary } from './shapes';

/** What a transaction calls, as far as lists tell it; null for anything else. Unlike `askedCall` it brings no decoder with it. */
export const askedTransaction = (
  { kind }: Pick<ActivitySummary, 'kind'>,
  body: ActivityDetail['request']['requestBody'],
): Call | null => (kind === 'Transaction' ? transactionCall(body) : null);
