import type { EcdsaSignature } from '@/lib/domain/signing';

/** r ‖ s ‖ v, 65 bytes with prefix, v 27 or 28. */
export const encodeSignature = ({ r, s, recid }: EcdsaSignature): string =>
  `${r}${s.slice(2)}${recid === 1 ? '1c' : '1b'}`;
