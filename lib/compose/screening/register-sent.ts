import type { JobOutcome } from '@/lib/db/job-worker';
import type { Services } from '@/lib/http/services';
import type { JobPayload } from '@/lib/jobs/jobs';
import { outgoingTransfer, vendorsAsked } from '@/lib/ledger/screening';

/** Longer than the oracle waits for its sources. */
const TIMEOUT_MS = 8_000;
const VENDOR = 'Chainalysis';

/** Has the oracle tell its sources of a transfer in a transaction. Resolves to false when it has to be told again. */
export type TellSent = (sent: object) => Promise<boolean>;

export const oracleTellsSent =
  (oracleUrl: string | undefined): TellSent =>
  async (sent) => {
    if (!oracleUrl) return false;
    const response = await fetch(new URL('/sent', oracleUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok;
  };

/**
 * Tells the vendor that screened a transfer in which transaction it was confirmed. Nothing waits for it. @throws when it has to be told
 * again, which the job's pauses see to.
 */
export const registerSent = async (
  { orgId, activityId }: JobPayload<'register-sent'>,
  { getRecord, loadGovernance, now }: Pick<Services, 'getRecord' | 'loadGovernance' | 'now'>,
  tell: TellSent,
): Promise<JobOutcome> => {
  const activity = await getRecord(orgId, 'activity', activityId);
  const wallet = await getRecord(orgId, 'wallet', activity?.walletId ?? '');
  const txHash = activity?.chain?.txHash;
  if (!activity || !wallet || !txHash || activity.chain?.status !== 'Confirmed') return undefined;
  const state = await loadGovernance(orgId);
  const transfer = outgoingTransfer(state, wallet, activity.facts);
  if (!transfer) return undefined;
  const asked = vendorsAsked(state, 'Wallets:Sign', [wallet], now());
  // A policy that asked may be gone: the organisation's own name then stands for the wallet.
  const userId = asked.find((one) => one.vendor === VENDOR)?.userId ?? orgId;
  if (!(await tell({ vendor: VENDOR, userId, transfer, txHash: txHash.toLowerCase() })))
    throw new Error('The vendor was not told of a transfer it screened.');
  return undefined;
};
