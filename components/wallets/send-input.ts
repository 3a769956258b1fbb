import { z } from 'zod';
import { readUnits } from '@/components/ui/decimal';
import { addressProblem } from '@/lib/client/intent';
import type { TransferBody } from '@/lib/client/shapes';
import { readNumber, typed } from '@/lib/client/typed';
import { externalId } from '@/lib/contract/fields';

export const NATIVE = 'native';
/** A token of which the console knows nothing but what is typed. */
export const OTHER = 'other';

/** What is typed into the form that sends: `assetId` is `native`, `other` or the contract of a token that the wallet holds. */
export type SendInput = {
  readonly assetId: string;
  readonly contract: string;
  readonly decimals: string;
  readonly to: string;
  readonly amount: string;
  readonly externalId: string;
};
export const EMPTY_SEND: SendInput = {
  assetId: NATIVE,
  contract: '',
  decimals: '18',
  to: '',
  amount: '',
  externalId: '',
};

/** How finely an asset is divided, as far as it is known. */
type Decimals = (assetId: string) => number | undefined;

/** The decimals of what is sent, and the amount in base units or why there is none; undefined and null where there is none yet. */
export const amountTyped = ({ assetId, decimals: typedDecimals, amount }: SendInput, known: Decimals) => {
  const written = readNumber(typedDecimals.trim());
  const decimals = assetId !== OTHER ? known(assetId) : written === null || Number.isNaN(written) ? undefined : written;
  return { decimals, ...(decimals === undefined ? { base: null, why: undefined } : readUnits(amount, decimals)) };
};

const amountProblem = (input: SendInput, known: Decimals): string | null => {
  const { decimals, base, why } = amountTyped(input, known);
  if (base === null) return why ?? `Type an amount with at most ${decimals ?? '?'} decimals.`;
  return BigInt(base) === 0n && input.assetId !== NATIVE ? 'Type an amount above zero.' : null;
};

/** Reads what is typed as the body of a transfer from a wallet of the network. */
export const sendForm = (network: string, known: Decimals) =>
  z
    .object({
      assetId: z.string(),
      contract: z.string().trim(),
      decimals: z.string(),
      to: z.string().trim(),
      amount: z.string(),
      externalId: typed(externalId.optional(), 'At most 50 characters.', (text) => text || undefined),
    })
    .transform(({ externalId, ...input }, context): TransferBody => {
      const filled = { ...input, externalId: '' };
      const problems = {
        contract: input.assetId === OTHER ? addressProblem(network, input.contract) : null,
        to: addressProblem(network, input.to),
        amount: amountProblem(filled, known),
      };
      for (const [field, message] of Object.entries(problems))
        if (message) context.addIssue({ code: 'custom', path: [field], message });
      const { base } = amountTyped(filled, known);
      if (base === null || Object.values(problems).some(Boolean)) return z.NEVER;
      const common = { to: input.to, amount: base, ...(externalId !== undefined && { externalId }) };
      return input.assetId === NATIVE
        ? { kind: 'Native', ...common }
        : { kind: 'Erc20', contract: input.assetId === OTHER ? input.contract : input.assetId, ...common };
    });
