import type { Hex } from 'viem';
import { bareHex, parseAddress, parseInteger, withPrefix } from '../hex';

/** What a transaction calls: recipient of the call, native value and data. `to` null creates a contract. */
export type Call = { readonly to: Hex | null; readonly value: bigint; readonly data: Hex };

type Body = { readonly kind: string; readonly [property: string]: unknown };

/** The call that the body of an `Evm` or `Eip1559` transaction asks for, or null when it can't be read. Needs no library. */
export const transactionCall = (body: Body): Call | null => {
  if (body.kind !== 'Evm' && body.kind !== 'Eip1559') return null;
  const to = body.to === undefined ? null : parseAddress(body.to);
  const value = body.value === undefined ? 0n : parseInteger(body.value);
  const data = body.data === undefined ? '' : bareHex(body.data);
  if ((body.to !== undefined && to === null) || value === null || data === null) return null;
  return { to, value, data: withPrefix(data) };
};
