import type { ChainRulesFor } from '@/lib/chain/adapter';
import type { EcdsaSignature } from '@/lib/domain/signing';

/** Verifies a credential's signature. Synchronous: node:crypto in Node, noble in the browser. Never throws: false. */
export type VerifyCredentialSignature = (input: {
  /** SPKI PEM. */
  readonly publicKey: string;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
  /** Digest named by the client, from the allow-list; absent is SHA-256 (none for Ed25519). */
  readonly algorithm?: string;
}) => boolean;

/** Verifies a node's or oracle's Ed25519 signature: public key and signature in hex. */
export type VerifyEd25519 = (publicKey: string, message: Uint8Array, signature: string) => boolean;

/** What replay needs from outside its own room; every function is pure and synchronous. */
export type LedgerPorts = {
  readonly verifyCredential: VerifyCredentialSignature;
  readonly verifyEd25519: VerifyEd25519;
  /** Strict low-s ECDSA over a 32-byte digest (hex) under a compressed key (hex). */
  readonly verifyEcdsa: (publicKey: string, digest: string, signature: EcdsaSignature) => boolean;
  readonly chainRules: ChainRulesFor;
  /** Whether this node signs on the network at all (its operator's switch); absent: on every one. Replay never asks. */
  readonly signsOn?: (network: string) => boolean;
};
