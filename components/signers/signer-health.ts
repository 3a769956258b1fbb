import type { Tone } from '@/components/ui/badge';
import type { SignerNode } from '@/lib/client/shapes';
import { pairProgress } from './pair-progress';

export type SignerHealth = { readonly tone: Tone; readonly word: string; readonly sentence: string };

/** What the number of ready signers means for signing. */
export const signerHealth = (
  signers: { readonly threshold: number; readonly items: readonly SignerNode[] } | null,
): SignerHealth => {
  if (!signers)
    return { tone: 'neutral', word: 'Signers unknown', sentence: 'The server has not said how the signers are.' };
  const all = signers.items.length;
  const ready = signers.items.filter(
    (node) => node.connected && node.selfTest && !node.quarantined && !node.stopped && !node.frozen,
  ).length;
  const word = `${ready} of ${all} signers`;
  if (ready < signers.threshold)
    return {
      tone: 'bad',
      word,
      sentence: `${ready} of ${all} signers are ready; ${signers.threshold} are needed, so nothing can be signed.`,
    };
  if (ready < all)
    return {
      tone: 'pending',
      word,
      sentence: `${ready} of ${all} signers are ready; ${signers.threshold} are needed to sign. New wallets need all ${all}.`,
    };
  const pairs = pairProgress(signers.items);
  if (pairs.ready < pairs.all)
    return {
      tone: 'pending',
      word,
      sentence: `All ${all} signers are connected and set up in pairs: ${pairs.ready} of ${pairs.all} are ready. First signatures wait for that.`,
    };
  return { tone: 'good', word, sentence: `All ${all} signers are connected; any ${signers.threshold} of them sign.` };
};
