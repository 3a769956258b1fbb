import { hexToBytes } from 'viem/utils';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { ChainRules } from '../adapter';
import { parseAddress, parseInteger } from '../hex';
import { messageOf } from '../message';
import { type Call, callOf } from './call';
import { feeLimitsOf } from './fee';
import { GAS_LIMITS } from './networks';

/**
 * Whether the request could ever be a transaction or signature of its chain. What could not is refused before anybody is asked to
 * approve it, and before it takes a nonce that a transaction no chain takes would hold for good.
 */
export const checkIntent: ChainRules['checkIntent'] = (intent) => {
  const body = intent.requestBody;
  if (intent.activityKind === 'Signature') {
    return messageOf(intent) ? accepted(true) : invalid('message', 'is not what a signature of this kind is made over');
  }
  for (const name of ['to', 'contract'] as const) {
    if (body[name] !== undefined && parseAddress(body[name]) === null)
      return invalid(name, `is no address of ${intent.network}`);
  }
  if (body.amount !== undefined && parseInteger(body.amount) === null) return invalid('amount', 'must be below 2^256');
  const call = callOf(intent);
  if (!call) return invalid('body', 'is no transaction that can be built');
  if (call.to === null && call.data === '0x') return invalid('to', 'is needed unless data creates a contract');
  const nonce = body.nonce === undefined ? 0n : parseInteger(body.nonce);
  if (nonce === null || nonce > BigInt(Number.MAX_SAFE_INTEGER)) return invalid('nonce', 'is too high');
  const limits = feeLimitsOf(intent);
  if (!limits) return invalid('gasLimit', `must be at most ${GAS_LIMITS.most}`);
  const least = intrinsicGas(call);
  return limits.gas < least ? invalid('gasLimit', `must be at least ${least} for this data`) : accepted(true);
};

/** Gas that a transaction needs before it runs: base, calldata with its floor, creation (EIP-2028, EIP-3860, EIP-7623). */
const intrinsicGas = ({ to, data }: Call): bigint => {
  const bytes = hexToBytes(data);
  const zeros = bytes.filter((byte) => byte === 0).length;
  const tokens = BigInt(zeros + 4 * (bytes.length - zeros));
  const creation = to === null ? 32_000n + 2n * BigInt(Math.ceil(bytes.length / 32)) : 0n;
  const [standard, floor] = [4n * tokens + creation, 10n * tokens];
  return 21_000n + (standard > floor ? standard : floor);
};

const invalid = (property: string, what: string): Outcome<never> =>
  refused(400, 'chain.request', `${property}: ${what}`, { errors: [{ path: property, message: what }] });
