import type { Tone } from '@/components/ui/badge';
import type { SignerNode } from '@/lib/client/shapes';

export type SignerHealth = { readonly tone: Tone; readonly word: string; readonly sentence: string };

/** What the number of connected signers means for signing. */
export const signerHealth = (
  signers: { readonly threshold: number; readonly items: readonly SignerNode[] } | null,
): SignerHealth => {
  if (!signers)
    return { tone: 'neutral', word: 'Signers unknown', sentence: 'The server has not said how the signers are.' };
  const connected = signers.items.filter((node) => node.connected).length;
  const all = signers.items.length;
  const word = `${connected} of ${all} signers`;
  if (connected < signers.threshold)
    return {
      tone: 'bad',
      word,
      sentence: `${connected} of ${all} signers are connected; ${signers.threshold} are needed, so nothing can be signed.`,
    };
  if (connected < all)
    return {
      tone: 'pending',
      word,
      sentence: `${connected} of ${all} signers are connected; ${signers.threshold} are needed to sign. New wallets need all ${all}.`,
    };
  return { tone: 'good', word, sentence: `All ${all} signers are connected; any ${signers.threshold} of them sign.` };
};
