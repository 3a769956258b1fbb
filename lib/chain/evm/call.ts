import type { Hex } from 'viem';
import { decodeFunctionData, encodeFunctionData } from 'viem/utils';
import type { Intent } from '../adapter';
import { parseAddress, parseInteger } from '../hex';
import { type Call, transactionCall } from './transaction-call';

export type { Call } from './transaction-call';

const ERC20_TRANSFER = [
  {
    type: 'function',
    name: 'transfer',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [{ type: 'bool' }],
  },
] as const;

export const erc20TransferData = (to: Hex, amount: bigint): Hex =>
  encodeFunctionData({ abi: ERC20_TRANSFER, functionName: 'transfer', args: [to, amount] });

/**
 * Reads `transfer(address,uint256)` calldata. Only the canonical encoding counts: longer data or dirty padding could mean something
 * else to a contract that decodes for itself.
 */
export const readErc20Transfer = (data: Hex): { readonly to: Hex; readonly amount: bigint } | null => {
  if (data.length !== 138) return null;
  try {
    const { args } = decodeFunctionData({ abi: ERC20_TRANSFER, data });
    const to = args[0].toLowerCase() as Hex;
    return erc20TransferData(to, args[1]) === data ? { to, amount: args[1] } : null;
  } catch {
    return null;
  }
};

/** The call an intent asks for, or null when its body can't be read. A CancelTransaction is no call of its own. */
export const callOf = (intent: Intent): Call | null => {
  const body = intent.requestBody;
  const kind = `${intent.activityKind}/${body.kind}`;
  if (kind === 'Transfer/Native') {
    const to = parseAddress(body.to);
    const value = parseAmount(body.amount);
    return to && value !== null ? { to, value, data: '0x' } : null;
  }
  if (kind === 'Transfer/Erc20') {
    const [to, contract, amount] = [parseAddress(body.to), parseAddress(body.contract), parseAmount(body.amount)];
    return to && contract && amount !== null ? { to: contract, value: 0n, data: erc20TransferData(to, amount) } : null;
  }
  if (intent.activityKind === 'Transaction') return transactionCall(body);
  return null;
};

/** Amounts of transfers are decimal only. */
const parseAmount = (value: unknown): bigint | null =>
  typeof value === 'string' && /^\d+$/.test(value) ? parseInteger(value) : null;
