import { bytesToHex, hashParts } from '@/lib/domain/hash';
import type { LedgerPorts } from '@/lib/ledger/ports';

/**
 * Ports that verify a signature once: what held for exactly this key, these bytes and this signature holds again. What did not hold is
 * verified anew each time.
 * @param limit How many are remembered; the oldest is forgotten first.
 */
export const rememberingPorts = (ports: LedgerPorts, limit = 100_000): LedgerPorts => {
  const held = new Set<string>();
  const once = (parts: readonly (Uint8Array | string)[], verify: () => boolean): boolean => {
    // The parts are hashed with their lengths: no two different questions have one name.
    const name = bytesToHex(hashParts('countersign/verified/1', ...parts));
    if (held.has(name)) return true;
    if (!verify()) return false;
    held.add(name);
    const [oldest] = held;
    if (held.size > limit && oldest !== undefined) held.delete(oldest);
    return true;
  };
  return {
    ...ports,
    verifyCredential: (input) =>
      once(['credential', input.publicKey, input.data, input.signature, input.algorithm ?? ''], () =>
        ports.verifyCredential(input),
      ),
    verifyEd25519: (publicKey, message, signature) =>
      once(['ed25519', String(publicKey), message, String(signature)], () =>
        ports.verifyEd25519(publicKey, message, signature),
      ),
    verifyEcdsa: (publicKey, digest, signature) =>
      once(['ecdsa', String(publicKey), String(digest), String(signature?.r), String(signature?.s)], () =>
        ports.verifyEcdsa(publicKey, digest, signature),
      ),
  };
};
