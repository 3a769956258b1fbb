import { z } from 'zod';
import { isTrial } from '@/lib/evidence/screening';
import { MESSAGE_STATES } from '@/lib/policy/screening';
import { askJson, unsupportedOf } from './ask-json';
import { failed, type ProviderAnswer, type ScreeningProvider, type ScreeningQuery } from './provider';

type BridgeOptions = { readonly url: string; readonly secretKey?: string };

/** Asks a service of the operator's that speaks to the vendor: POSTs the transfer, reads one JSON object. */
const bridge = async <T>(
  { url, secretKey }: BridgeOptions,
  { transfer, counterparty }: ScreeningQuery,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | Exclude<ProviderAnswer, { outcome: 'screened' }>> => {
  const { network, asset, from, to, amount, direction, reference } = transfer;
  const told = isTrial(transfer) ? { dryRun: true } : reference ? { reference } : {};
  const body = { network, asset, from, to, amount, direction, counterparty, ...told };
  const secretHeaders: Record<string, string> = secretKey ? { authorization: `Bearer ${secretKey}` } : {};
  const answer = await askJson(url, { method: 'POST', secretHeaders, body, signal });
  if (answer.status < 400) return shape.parse(answer.body);
  const unsupported = unsupportedOf(answer);
  return unsupported ? { outcome: unsupported } : { outcome: 'failed', reason: `answered ${answer.status}` };
};

const Score = z.object({ riskScore: z.number().min(0).max(100) });

/** Global Ledger's risk score, 0 to 100. */
export const globalLedger = (options: BridgeOptions): ScreeningProvider => ({
  name: 'Global Ledger',
  vendor: 'GlobalLedger',
  where: new URL(options.url).host,
  screen: async (query, signal) => {
    const answer = await bridge(options, query, Score, signal);
    return 'riskScore' in answer ? { outcome: 'screened', findings: [], score: answer.riskScore } : answer;
  },
});

const Message = z.object({ state: z.enum(MESSAGE_STATES), since: z.iso.datetime({ offset: true }) });

/** Notabene's travel-rule message about the transfer, and how far it got. */
export const notabene = (options: BridgeOptions): ScreeningProvider => ({
  name: 'Notabene',
  vendor: 'Notabene',
  where: new URL(options.url).host,
  screen: async (query, signal) => {
    if (isTrial(query.transfer)) return failed('a dry run sends no message');
    if (query.transfer.direction === 'incoming') return failed('messages are sent for outgoing transfers');
    const answer = await bridge(options, query, Message, signal);
    if (!('state' in answer)) return answer;
    return { outcome: 'screened', findings: [], message: { state: answer.state, since: Date.parse(answer.since) } };
  },
});
