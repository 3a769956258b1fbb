import { findNetwork } from '@/lib/contract/networks';
import { formatDecimal } from '@/lib/domain/decimal';
import type { Facts } from '@/lib/policy/facts';

/** Base units as people write them; without decimals the base units themselves. */
const quantity = (units: string, decimals: number | undefined, symbol: string): string =>
  decimals === undefined
    ? `${units} base units of ${symbol}`
    : `${formatDecimal({ digits: BigInt(units), scale: decimals })} ${symbol}`;

/** An amount of a network's own coin, e.g. `0.5 ETH`. */
export const coins = (network: string, units: string): string => {
  const native = findNetwork(network)?.native;
  return quantity(units, native?.decimals, native?.symbol ?? 'the native coin');
};

/** What a request moves, in one sentence made of the decoded facts alone; what can't be told is said to be unknown. */
export const sayFacts = (facts: Facts, from: string): string => {
  const { kind, network, asset, amount } = facts;
  const where = `from ${from} on ${network}`;
  const fee = facts.feeCeiling === null ? '' : `, for a fee of at most ${coins(network, facts.feeCeiling)}`;
  const recipient = facts.recipient ?? 'an unknown recipient';
  if (kind === 'signature') return `Sign a message or hash whose effect is unknown, with the key of ${from}`;
  if (kind === 'contractCall') return `Call ${recipient}, with an effect that is unknown, ${where}${fee}`;
  const moved =
    amount === null
      ? 'an unknown amount'
      : asset?.kind === 'Native'
        ? coins(network, amount)
        : quantity(amount, facts.quote?.decimals, asset ? `token ${asset.contract}` : 'an unknown asset');
  return `Send ${moved} to ${recipient} ${where}${fee}`;
};

/** Unix milliseconds as UTC, to the second. */
export const sayTime = (at: number): string =>
  Number.isSafeInteger(at) && Math.abs(at) < 8.64e15
    ? `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    : String(at);

/** `1, 2 and 3`. */
export const sayList = (items: readonly (string | number)[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
