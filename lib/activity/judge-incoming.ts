import type { Json } from '@/lib/domain/canonical-json';
import { askedOfIncoming, screenedIncoming } from '@/lib/ledger/incoming-entries';
import { find } from '@/lib/ledger/state';
import { append } from './append';
import { askVendors } from './ask-vendors';
import type { LedgerService } from './ports';
import type { SubmitDeps } from './submit';

/** Has what came in screened, and enters what the policies on incoming transfers say; where there are none, nothing is asked or entered. */
export const judgeIncoming = async (
  { orgId, transfer, failures }: Parameters<LedgerService['judgeIncoming']>[0],
  deps: SubmitDeps,
): Promise<'judged' | 'unanswered'> => {
  const state = await deps.store.read(orgId, { walletIds: [transfer.walletId] });
  const wallet = find(state, 'wallet', transfer.walletId);
  const asked = wallet ? askedOfIncoming(state, wallet, deps.now()) : [];
  const screened = wallet && asked.length > 0 ? screenedIncoming(state, wallet, transfer) : null;
  if (!screened) return 'judged';
  const { signed, isAnswered } = await askVendors(asked, screened, deps);
  if (failures === 'wait' && !isAnswered) return 'unanswered';
  // Refused is what is known already.
  await append(
    { orgId, kind: 'incoming', body: { ...transfer }, effects: { screening: signed as unknown as Json } },
    deps,
  );
  return 'judged';
};
