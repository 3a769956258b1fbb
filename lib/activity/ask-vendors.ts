import type { ScreenedTransfer, SignedScreening } from '@/lib/evidence/screening';
import type { VendorAsked } from '@/lib/ledger/screening';

/** What a vendor says of a transfer, signed by the oracle; null when the oracle does not answer: that is unknown, never a failure. */
export type AskVendor = (
  question: VendorAsked & { readonly transfer: ScreenedTransfer },
) => Promise<SignedScreening | null>;

/**
 * Has one transfer screened by each vendor, at the same time.
 * @returns what the oracle signed, and whether every vendor answered: neither was the oracle away nor did a vendor fail.
 */
export const askVendors = async (
  asked: readonly VendorAsked[],
  transfer: ScreenedTransfer,
  { screening }: { readonly screening: AskVendor },
): Promise<{ readonly signed: readonly SignedScreening[]; readonly isAnswered: boolean }> => {
  const answers = await Promise.all(asked.map((one) => screening({ ...one, transfer })));
  const signed = answers.filter((answer) => answer !== null);
  return { signed, isAnswered: signed.length === asked.length && signed.every(({ outcome }) => outcome !== 'failed') };
};
