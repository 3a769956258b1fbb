import { accepted, refused } from '@/lib/domain/refusal';
import type { ChainRules } from '../adapter';
import { encodeSignature } from '../encode-signature';
import { messageOf } from '../message';

const nothingIsSent = refused(422, 'chain.key_only', 'A bare key sends no transactions.');

/** Rules of a key without a chain: it signs 32-byte hashes and nothing is known of what they mean. */
export const KEY_ONLY_RULES: ChainRules = {
  family: 'keyOnly',
  deriveAddress: () => null,
  checkIntent: (intent) => {
    if (intent.activityKind !== 'Signature') return refused(400, 'chain.key_only', 'A bare key sends no transactions.');
    return intent.requestBody.kind === 'Hash' && messageOf(intent)
      ? accepted(true)
      : refused(400, 'chain.signature_kind', 'A bare key signs hashes only; the network of a message is needed.');
  },
  explainIntent: (intent) => ({
    kind: intent.activityKind === 'Signature' ? 'signature' : 'contractCall',
    network: intent.network,
    recipient: null,
    asset: null,
    amount: null,
    quote: null,
    feeCeiling: null,
  }),
  quotedAsset: () => null,
  feeCeiling: () => null,
  checkUnsigned: (intent, unsigned) => {
    const message = intent.requestBody.kind === 'Hash' ? messageOf(intent) : null;
    if (!message) return refused(422, 'chain.signature_kind', 'A bare key signs hashes only.');
    if (unsigned !== message.unsigned) return refused(422, 'chain.mismatch', 'The bytes are not those of the request.');
    return accepted({ digest: message.digest, pin: { digest: message.digest }, fee: null });
  },
  checkCancel: () => nothingIsSent,
  checkSpeedUp: () => nothingIsSent,
  leastSpeedUp: () => null,
  outbids: () => false,
  attach: (intent, unsigned, signature) => {
    const message = intent.requestBody.kind === 'Hash' ? messageOf(intent) : null;
    if (message?.unsigned !== unsigned)
      return refused(422, 'chain.mismatch', 'The bytes are not those of the request.');
    return accepted({ raw: encodeSignature(signature), hash: `0x${message.digest}` });
  },
};
