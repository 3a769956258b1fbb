import { verifyCredentialSignature, verifyEd25519 } from '@/lib/authentication/node-verifier';
import { chainRulesFor } from '@/lib/chain/rules';
import { concatBytes, hexToBytes } from '@/lib/domain/hash';
import { verifySignature } from '@/lib/mpc/verify-signature';
import type { LedgerPorts } from '../ports';

/** The real verifiers, as a process composes them. */
export const TEST_PORTS: LedgerPorts = {
  verifyCredential: verifyCredentialSignature,
  verifyEd25519,
  verifyEcdsa: (publicKey, digest, { r, s }) =>
    verifySignature({
      publicKey: hexToBytes(publicKey),
      digest: hexToBytes(digest),
      signature: concatBytes(hexToBytes(r.slice(2)), hexToBytes(s.slice(2))),
    }),
  chainRules: chainRulesFor,
};
