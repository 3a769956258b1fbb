import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Json } from '@/lib/domain/canonical-json';
import { bytesToHex, concatBytes, hexToBytes, sha256, utf8ToBytes } from '@/lib/domain/hash';
import type { EcdsaSignature } from '@/lib/domain/signing';
import { confirmedHash, type KeyCertificate } from '@/lib/mpc/key-certificate';
import { evaluate } from '@/lib/mpc/polynomial';
import type { NodeCertificate } from '../genesis';
import { certificateProofHash } from '../nodes';

/** A signer node's identity: deterministic Ed25519 keys. */
export type TestNode = {
  readonly certificate: NodeCertificate;
  /** Signs a 32-byte hash; hex. */
  readonly sign: (hash: Uint8Array) => string;
};

export const testNode = (node: number, seed: string): TestNode => {
  const secretKey = sha256(utf8ToBytes(`${seed}/node/${node}`));
  const agreement = sha256(utf8ToBytes(`${seed}/agreement/${node}`));
  return {
    certificate: {
      node,
      signingKey: bytesToHex(ed25519.getPublicKey(secretKey)),
      agreementKey: bytesToHex(agreement),
      region: 'test',
    },
    sign: (hash) => bytesToHex(ed25519.sign(hash, secretKey)),
  };
};

/** What the console sends to put a node's new certificate in force. */
export const replacement = (node: TestNode, kind: 'Renewal' | 'Replacement' = 'Replacement'): Json => ({
  kind,
  certificate: { ...node.certificate },
  proof: node.sign(certificateProofHash(node.certificate)),
});

const scalar = (...parts: string[]): bigint => {
  const bytes = sha256(utf8ToBytes(parts.join('/')));
  return BigInt(`0x${bytesToHex(bytes)}`) % secp256k1.Point.CURVE().n || 1n;
};
const toSecret = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, '0'));

/** A wallet key whose secret the test knows, shared among the nodes by a dealer. Never outside tests. */
export type DealtKey = {
  readonly certificate: KeyCertificate;
  /** Low-s signature over a 32-byte digest, hex. */
  readonly sign: (digest: string) => EcdsaSignature;
};

/** Deals a key and has every node confirm it, so that its certificate is as good as one from a key generation. */
export const dealKey = (keyId: string, threshold: number, nodes: readonly TestNode[], seed: string): DealtKey => {
  const coefficients = Array.from({ length: threshold }, (_, k) => scalar(seed, keyId, String(k)));
  const parties = nodes.map((node) => node.certificate.node);
  const secretKey = toSecret(coefficients[0] ?? 1n);
  const publicKey = secp256k1.getPublicKey(secretKey, true);
  const publicShares = parties.map((party) => secp256k1.getPublicKey(toSecret(evaluate(coefficients, party)), true));
  const filler = (name: string) => sha256(concatBytes(utf8ToBytes(name), secretKey));
  const [chainCode, dig1, dig2] = [filler('chain'), filler('dig1'), filler('dig2')];
  const hash = confirmedHash({ keyId, epoch: 0, threshold, parties, publicKey, publicShares, chainCode, dig1, dig2 });
  return {
    certificate: {
      backend: 'dkls23-ts',
      specVersion: 'dkls23-ts/1',
      keyId,
      curve: 'secp256k1',
      epoch: 0,
      threshold,
      parties,
      publicKey: bytesToHex(publicKey),
      publicShares: Object.fromEntries(
        parties.map((party, i) => [String(party), bytesToHex(publicShares[i] as Uint8Array)]),
      ),
      chainCode: bytesToHex(chainCode),
      dig1: bytesToHex(dig1),
      dig2: bytesToHex(dig2),
      transcriptHash: bytesToHex(hash),
      confirmations: Object.fromEntries(nodes.map((node) => [String(node.certificate.node), node.sign(hash)])),
    },
    sign: (digest) => {
      const bytes = secp256k1.sign(hexToBytes(digest), secretKey, { prehash: false, lowS: true, format: 'recovered' });
      return {
        recid: bytes[0] as 0 | 1,
        r: `0x${bytesToHex(bytes.slice(1, 33))}`,
        s: `0x${bytesToHex(bytes.slice(33))}`,
      };
    },
  };
};
