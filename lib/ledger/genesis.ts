import type { CredentialKind } from '@/lib/authentication/statement';
import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';

/** A node's certificate: Ed25519 identity key and X25519 key-agreement key, hex. */
export type NodeCertificate = {
  readonly node: number;
  readonly signingKey: string;
  readonly agreementKey: string;
  readonly region: string;
  /** Protocol version the node speaks; absent in certificates made before it was named. */
  readonly specVersion?: string;
};

/** A node as it stands in the organisation: its certificate in force, and how many stores of it were declared lost. */
export type NodeStanding = { readonly certificate: NodeCertificate; readonly lostStores: number };

/** A first admin's credential as genesis names it; `publicKey` is an SPKI PEM. */
export type GenesisCredential = {
  readonly id: string;
  readonly kind: CredentialKind;
  readonly credId: string;
  readonly publicKey: string;
  readonly encryptedPrivateKey?: string;
  /** Whether a passkey may be copied to other devices; absent for keys and in older genesis. */
  readonly isBackupEligible?: boolean;
};

/** The root of an organisation's trust (design §4.3). Body of entry 0, in canonical JSON. */
export type Genesis = {
  readonly specVersion: 'countersign/1';
  readonly orgId: string;
  readonly rpId: string;
  readonly origins: readonly string[];
  /** Nodes that must take part in a signature. */
  readonly k: number;
  readonly n: number;
  readonly nodes: readonly NodeCertificate[];
  /** Ed25519 keys (hex) whose signed prices count. */
  readonly oracleKeys: readonly string[];
  readonly firstAdmin: { readonly userId: string; readonly credentials: readonly GenesisCredential[] };
  /** Ids of the managed permission and of the first admin's assignment. */
  readonly fullAdmin: { readonly permissionId: string; readonly assignmentId: string };
  readonly enrolment: 'server' | 'vouched';
  readonly strict: boolean;
  readonly createdAt: number;
};

/** Hash of a genesis, lower-case hex: carried by every statement, shown as the fingerprint. */
export const genesisHash = (genesis: Genesis): string =>
  bytesToHex(hashParts('countersign/genesis/1', canonicalBytes(genesis as unknown as Json)));

/** The fingerprint people compare: the hash in groups of four, first 32 digits. */
export const genesisFingerprint = (hash: string): string => (hash.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
