import { verifyCredentialSignature, verifyEd25519 } from '@/lib/authentication/node-verifier';
import { chainRulesFor } from '@/lib/chain/rules';
import { verifyEcdsa } from '@/lib/evidence/verify-ecdsa';
import type { LedgerPorts } from '@/lib/ledger/ports';

/** What decisions about entries need from Node: the same in the API, at every signer and in the verify command. */
export const LEDGER_PORTS: LedgerPorts = {
  verifyCredential: verifyCredentialSignature,
  verifyEd25519,
  verifyEcdsa,
  chainRules: chainRulesFor,
};
