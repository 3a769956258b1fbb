import type { ScreenedTransfer } from '@/lib/evidence/screening';
import { isTrial, type SignedScreening } from '@/lib/evidence/screening';
import type { VendorAsked } from '@/lib/ledger/screening';

/** A dry run is asked again at every stroke of a key. */
const KEPT_MS = 60_000;
const MOST_KEPT = 500;

type Question = Pick<VendorAsked, 'vendor'> & { readonly transfer: ScreenedTransfer };

/** Has one transfer of a dry run screened once a minute, however often it is tried. Of others nothing is kept, and no failure. */
export const rememberTrials = <Q extends Question>(
  screen: (question: Q) => Promise<SignedScreening>,
  now = Date.now,
) => {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<SignedScreening> }>();
  return (question: Q): Promise<SignedScreening> => {
    if (!isTrial(question.transfer)) return screen(question);
    const key = JSON.stringify([question.vendor, question.transfer]);
    const found = kept.get(key);
    if (found && now() < found.until) return found.answer;
    for (const [first, { until }] of kept) if (until <= now() || kept.size >= MOST_KEPT) kept.delete(first);
    const answer = screen(question);
    kept.set(key, { until: now() + KEPT_MS, answer });
    const forget = () => void kept.delete(key);
    answer.then(({ outcome }) => outcome === 'failed' && forget(), forget);
    return answer;
  };
};
