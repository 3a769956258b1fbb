import type { Intent } from '../adapter';
import { parseInteger } from '../hex';
import { EVM_NETWORKS, GAS_LIMITS } from './networks';

/** The most a transaction of this intent may carry. */
export type FeeLimits = { readonly gas: bigint; readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/**
 * Limits from the network file and the body alone: what the body names may lower a limit, never raise it above the network's.
 * @returns null where nothing is sent, the network is not served, or the body's numbers can't be read or exceed what is possible.
 */
export const feeLimitsOf = (intent: Intent): FeeLimits | null => {
  const network = EVM_NETWORKS.get(intent.network);
  const body = intent.requestBody;
  if (!network || intent.activityKind === 'Signature') return null;
  const plain = (gas: bigint, maxFeePerGas: bigint): FeeLimits => ({
    gas,
    maxFeePerGas,
    maxPriorityFeePerGas: maxFeePerGas,
  });
  if (intent.activityKind === 'Transfer') {
    if (body.kind === 'Native') return plain(GAS_LIMITS.native, network.maxFeePerGas);
    return body.kind === 'Erc20' ? plain(GAS_LIMITS.erc20, network.maxFeePerGas) : null;
  }
  if (body.kind === 'CancelTransaction') return plain(GAS_LIMITS.native, network.maxFeePerGas * 2n);
  if (body.kind !== 'Evm' && body.kind !== 'Eip1559') return null;
  const gas = body.gasLimit === undefined ? GAS_LIMITS.call : parseInteger(body.gasLimit);
  const fee = lowered(body.maxFeePerGas, network.maxFeePerGas);
  if (gas === null || gas > GAS_LIMITS.most || fee === null) return null;
  const tip = lowered(body.maxPriorityFeePerGas, fee);
  return tip === null ? null : { gas, maxFeePerGas: fee, maxPriorityFeePerGas: tip };
};

/** Most the fee of the intent may be, wei, never above the network's hard cap. */
export const feeCeilingOf = (intent: Intent): bigint | null => {
  const limits = feeLimitsOf(intent);
  const network = EVM_NETWORKS.get(intent.network);
  if (!limits || !network) return null;
  return smaller(limits.gas * limits.maxFeePerGas + network.extraFee, network.hardCap);
};

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const lowered = (wanted: unknown, limit: bigint): bigint | null => {
  if (wanted === undefined) return limit;
  const value = parseInteger(wanted);
  return value === null ? null : smaller(value, limit);
};
