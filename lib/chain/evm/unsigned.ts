import type { Hex, TransactionSerializableEIP1559 } from 'viem';
import { keccak256, parseTransaction, serializeTransaction } from 'viem/utils';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { withPrefix } from '../hex';
import type { Call } from './call';

/** An unsigned EIP-1559 transaction without access list: the only kind this platform builds or signs. */
export type Unsigned = Call & {
  readonly chainId: number;
  readonly nonce: number;
  readonly gas: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
};

const serializable = (tx: Unsigned): TransactionSerializableEIP1559 => ({
  type: 'eip1559',
  chainId: tx.chainId,
  nonce: tx.nonce,
  gas: tx.gas,
  maxFeePerGas: tx.maxFeePerGas,
  maxPriorityFeePerGas: tx.maxPriorityFeePerGas,
  value: tx.value,
  data: tx.data,
  ...(tx.to ? { to: tx.to } : {}),
});

/** The bytes that are hashed and signed, hex without prefix. @throws for values no transaction can hold. */
export const encodeUnsigned = (tx: Unsigned): string => serializeTransaction(serializable(tx)).slice(2);

/** Signed bytes with their hash, both with prefix. `s` must be low already. */
export const encodeSigned = (tx: Unsigned, signature: { r: Hex; s: Hex; yParity: 0 | 1 }): { raw: Hex; hash: Hex } => {
  const raw = serializeTransaction(serializable(tx), signature);
  return { raw, hash: keccak256(raw) };
};

/** Keccak-256 of bytes given as hex without prefix; same form. */
export const digestOf = (bare: string): string => keccak256(withPrefix(bare)).slice(2);

/**
 * Reads unsigned bytes (lower-case hex without prefix). What is read, encoded again, must give the same bytes: so there is no
 * second spelling of a transaction, no signature, no access list and nothing behind it.
 */
export const decodeUnsigned = (bare: string): Outcome<Unsigned> => {
  if (!/^02(?:[0-9a-f]{2})+$/.test(bare))
    return refused(422, 'chain.not_eip1559', 'The bytes are not an EIP-1559 transaction.');
  try {
    const parsed = parseTransaction(withPrefix(bare) as `0x02${string}`);
    const tx: Unsigned = {
      chainId: parsed.chainId,
      nonce: parsed.nonce ?? 0,
      gas: parsed.gas ?? 0n,
      maxFeePerGas: parsed.maxFeePerGas ?? 0n,
      maxPriorityFeePerGas: parsed.maxPriorityFeePerGas ?? 0n,
      to: (parsed.to ?? null) as Hex | null,
      value: parsed.value ?? 0n,
      data: parsed.data ?? '0x',
    };
    if (encodeUnsigned(tx) === bare) return accepted(tx);
  } catch {
    // Falls through: whatever the reader found wrong, the bytes are not one of ours.
  }
  return refused(422, 'chain.not_canonical', 'The bytes are not a canonical unsigned EIP-1559 transaction.');
};
