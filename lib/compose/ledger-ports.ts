import { verifyCredentialSignature, verifyEd25519 } from '@/lib/authentication/node-verifier';
import { chainRulesFor } from '@/lib/chain/rules';
import { concatBytes, hexToBytes } from '@/lib/domain/hash';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { verifySignature } from '@/lib/mpc/verify-signature';

const SCALAR = /^0x[0-9a-f]{64}$/;

/** What decisions about entries need from Node: the same in the API, at every signer and in the verify command. */
export const LEDGER_PORTS: LedgerPorts = {
  verifyCredential: verifyCredentialSignature,
  verifyEd25519,
  verifyEcdsa: (publicKey, digest, signature) => {
    if (
      !SCALAR.test(signature?.r) ||
      !SCALAR.test(signature?.s) ||
      !/^[0-9a-f]{64}$/.test(digest) ||
      !/^[0-9a-f]{66}$/.test(publicKey)
    )
      return false;
    const compact = concatBytes(hexToBytes(signature.r.slice(2)), hexToBytes(signature.s.slice(2)));
    return verifySignature({ publicKey: hexToBytes(publicKey), digest: hexToBytes(digest), signature: compact });
  },
  chainRules: chainRulesFor,
};
