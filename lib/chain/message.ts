import { hashMessage } from 'viem/utils';
import type { Intent } from './adapter';
import { bareHex, withPrefix } from './hex';

/**
 * What a signature intent signs: the request's own bytes and the digest made of them, hex without prefix.
 * `Hash` is signed as it is; `Message` under the EIP-191 prefix, so that it can never be a transaction.
 * @returns null for other kinds and for malformed ones.
 */
export const messageOf = (intent: Intent): { readonly unsigned: string; readonly digest: string } | null => {
  if (intent.activityKind !== 'Signature') return null;
  const { kind, hash, message } = intent.requestBody;
  if (kind === 'Hash') {
    const digest = bareHex(hash);
    return digest?.length === 64 ? { unsigned: digest, digest } : null;
  }
  if (kind !== 'Message') return null;
  const unsigned = bareHex(message);
  return unsigned === null ? null : { unsigned, digest: hashMessage({ raw: withPrefix(unsigned) }).slice(2) };
};
