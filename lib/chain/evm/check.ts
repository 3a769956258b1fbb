import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Pin } from '@/lib/domain/signing';
import type { ChainRules, Intent } from '../adapter';
import { parseAddress, parseInteger } from '../hex';
import { messageOf } from '../message';
import { callOf } from './call';
import { feeCeilingOf, feeLimitsOf } from './fee';
import { EVM_NETWORKS } from './networks';
import { decodeUnsigned, digestOf, type Unsigned } from './unsigned';

/** The name of an EVM chain in pins (CAIP-2). */
export const chainOf = (chainId: number): string => `eip155:${chainId}`;

/** Decodes the bytes on its own and compares them with the intent, field by field. */
export const checkUnsigned: ChainRules['checkUnsigned'] = (intent, unsigned) => {
  if (intent.activityKind === 'Signature') return checkSignature(intent, unsigned);
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) return decoded;
  const tx = decoded.value;
  const wanted = callOf(intent);
  if (!wanted) return mismatch('the request, which can’t be read');
  if (tx.to !== wanted.to) return mismatch('the recipient of the request');
  if (tx.value !== wanted.value) return mismatch('the value of the request');
  if (tx.data !== wanted.data) return mismatch('the data of the request');
  const { nonce } = intent.requestBody;
  if (nonce !== undefined && parseInteger(nonce) !== BigInt(tx.nonce)) return mismatch('the nonce of the request');
  const { gasLimit } = intent.requestBody;
  if (gasLimit !== undefined && parseInteger(gasLimit) !== tx.gas) return mismatch('the gas limit of the request');
  return withPin(intent, unsigned, tx);
};

/** A cancel does nothing but use up the pinned nonce. */
export const checkCancel: ChainRules['checkCancel'] = (intent, pin, unsigned) => {
  const decoded = decodeUnsigned(unsigned);
  if (!decoded.ok) return decoded;
  const tx = decoded.value;
  if (intent.activityKind !== 'Transaction' || intent.requestBody.kind !== 'CancelTransaction')
    return mismatch('a CancelTransaction');
  if (tx.to !== parseAddress(intent.address) || tx.value !== 0n || tx.data !== '0x')
    return mismatch('a transfer of nothing to the sender itself');
  const checked = withPin(intent, unsigned, tx);
  if (!checked.ok) return checked;
  const own = checked.value.pin;
  if ('digest' in pin || 'digest' in own || own.chain !== pin.chain || own.nonce !== pin.nonce)
    return mismatch('the pinned nonce');
  if (own.sender !== pin.sender.toLowerCase()) return mismatch('the pinned sender');
  return accepted({ digest: checked.value.digest, fee: checked.value.fee });
};

/** Both fee fields at least 10 % higher, which nodes demand of a replacement; some local chains don't, so the rule is ours. */
export const outbids: ChainRules['outbids'] = (earlierUnsigned, laterUnsigned) => {
  const [earlier, later] = [decodeUnsigned(earlierUnsigned), decodeUnsigned(laterUnsigned)];
  if (!earlier.ok || !later.ok) return false;
  const isHigher = (before: bigint, after: bigint): boolean => after > before && after * 10n >= before * 11n;
  return (
    isHigher(earlier.value.maxFeePerGas, later.value.maxFeePerGas) &&
    isHigher(earlier.value.maxPriorityFeePerGas, later.value.maxPriorityFeePerGas)
  );
};

const withPin = (
  intent: Intent,
  unsigned: string,
  tx: Unsigned,
): Outcome<{ digest: string; pin: Pin; fee: string }> => {
  const network = EVM_NETWORKS.get(intent.network);
  const sender = parseAddress(intent.address);
  if (!network || !sender) return mismatch('a wallet on a served network');
  if (tx.chainId !== network.chainId) return mismatch('the chain of the wallet');
  const limits = feeLimitsOf(intent);
  const ceiling = feeCeilingOf(intent);
  if (!limits || ceiling === null) return mismatch('the fee limits of the request, which can’t be read');
  if (tx.gas > limits.gas) return mismatch('the gas limit of the request');
  if (tx.maxFeePerGas > limits.maxFeePerGas || tx.maxPriorityFeePerGas > limits.maxPriorityFeePerGas)
    return mismatch('the fee limits of the request');
  const fee = tx.gas * tx.maxFeePerGas + network.extraFee;
  if (fee > ceiling) return refused(422, 'chain.fee', `The fee (${fee}) is above the ceiling (${ceiling}).`);
  return accepted({
    digest: digestOf(unsigned),
    pin: { chain: chainOf(tx.chainId), sender, nonce: String(tx.nonce) },
    fee: fee.toString(),
  });
};

const checkSignature = (intent: Intent, unsigned: string): Outcome<{ digest: string; pin: Pin; fee: null }> => {
  const message = messageOf(intent);
  if (!message)
    return refused(422, 'chain.signature_kind', `Signatures of kind ${intent.requestBody.kind} can't be made here.`);
  if (unsigned !== message.unsigned) return mismatch('the message of the request');
  return accepted({ digest: message.digest, pin: { digest: message.digest }, fee: null });
};

const mismatch = (what: string) => refused(422, 'chain.mismatch', `The unsigned bytes do not match ${what}.`);
