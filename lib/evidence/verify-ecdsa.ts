import { concatBytes, hexToBytes } from '@/lib/domain/hash';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { verifySignature } from '@/lib/mpc/verify-signature';

const SCALAR = /^0x[0-9a-f]{64}$/;

/** Verifies a wallet key's signature: strict low-s, in the one spelling that entries hold. The same in Node and in a browser. */
export const verifyEcdsa: LedgerPorts['verifyEcdsa'] = (publicKey, digest, signature) => {
  if (
    !SCALAR.test(signature?.r) ||
    !SCALAR.test(signature?.s) ||
    !/^[0-9a-f]{64}$/.test(digest) ||
    !/^[0-9a-f]{66}$/.test(publicKey)
  )
    return false;
  const compact = concatBytes(hexToBytes(signature.r.slice(2)), hexToBytes(signature.s.slice(2)));
  return verifySignature({ publicKey: hexToBytes(publicKey), digest: hexToBytes(digest), signature: compact });
};
