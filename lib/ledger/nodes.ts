import { canonicalBytes, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';
import type { NodeCertificate, NodeStanding } from './genesis';
import type { KeyRecord, OrgRecord } from './records';
import { all, type OrgState } from './state';

/** What a statement's context names a certificate by: hash over all of it, lower-case hex. */
export const certificateHash = (certificate: NodeCertificate): string =>
  bytesToHex(hashParts('countersign/node-certificate/1', canonicalBytes(certificate as unknown as Json)));

/** The 32 bytes a node signs with the identity key its new certificate names: that it holds the key, and that the rest is its own. */
export const certificateProofHash = (certificate: NodeCertificate): Uint8Array =>
  hashParts('countersign/node-certificate-proof/1', certificateHash(certificate));

/** The organisation's nodes in order of their numbers: those of the genesis, but for governed replacements since. */
export const nodeStandings = (org: Pick<OrgRecord, 'genesis' | 'nodes'>): readonly NodeStanding[] =>
  org.nodes ?? org.genesis.nodes.map((certificate) => ({ certificate, lostStores: 0 }));

/** Certificates in force, in order of the nodes' numbers. What is signed under another key counts for nothing here. */
export const certificatesOf = (org: Pick<OrgRecord, 'genesis' | 'nodes'>): readonly NodeCertificate[] =>
  nodeStandings(org).map(({ certificate }) => certificate);

/** Certificates in force at this state; none before the genesis. */
export const certificatesInForce = (state: OrgState): readonly NodeCertificate[] => {
  const org = all(state, 'org')[0];
  return org ? certificatesOf(org) : [];
};

/** Whether both name the same identity and key-agreement keys for the same node. */
export const isSameIdentity = (a: NodeCertificate, b: NodeCertificate): boolean =>
  a.node === b.node && a.signingKey === b.signingKey && a.agreementKey === b.agreementKey;

/** The stores the nodes had when a key was made; absent while none was ever lost. */
export const storesNow = (org: Pick<OrgRecord, 'genesis' | 'nodes'>): { readonly lostStores?: readonly number[] } => {
  const lostStores = nodeStandings(org).map((node) => node.lostStores);
  return lostStores.some((count) => count > 0) ? { lostStores } : {};
};

/** Numbers of the nodes that hold a share of the key: those whose store is still the one that took part in making it. */
export const holdersOf = (
  org: Pick<OrgRecord, 'genesis' | 'nodes'>,
  key: Pick<KeyRecord, 'lostStores'>,
): readonly number[] =>
  nodeStandings(org).flatMap(({ certificate, lostStores }, i) =>
    lostStores === (key.lostStores?.[i] ?? 0) ? [certificate.node] : [],
  );
