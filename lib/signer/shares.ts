import { bytesToHex } from '@/lib/domain/hash';
import { decodeKeyShare, encodeKeyShare, type KeyShare } from '@/lib/mpc/dkls23/key-share';
import { type KeyWrapper, openRecord, type RecordFields, sealRecord } from './sealed-records';
import type { Store } from './store';

/**
 * The sealed key shares of a node. A share is kept under the transcript of the key generation that made it; which one is the
 * key is said by the certificate in the ledger, so a generation that other nodes gave up does no harm.
 */
export type Shares = {
  save(orgId: string, share: KeyShare): void;
  /** The share behind a certificate, or null. */
  get(orgId: string, keyId: string, transcriptHash: string): KeyShare | null;
  /** How many generations of this key left a share here. */
  count(keyId: string): number;
};

export const createShares = (deps: { store: Store; wrapper: KeyWrapper; node: number }): Shares => {
  const { store, wrapper, node } = deps;
  const opened = new Map<string, KeyShare>();
  const fieldsOf = (orgId: string, keyId: string, transcript: string): RecordFields => ({
    kind: 'share',
    node,
    orgId,
    keyId,
    transcript,
  });
  return {
    save: (orgId, share) => {
      const transcript = bytesToHex(share.transcriptHash);
      const fields = fieldsOf(orgId, share.keyId, transcript);
      const secret = encodeKeyShare(share);
      const sealed = sealRecord(secret, fields, wrapper);
      secret.fill(0);
      store.run(
        'INSERT INTO key_share (key_id, transcript, fields, sealed) VALUES (?, ?, ?, ?)',
        share.keyId,
        transcript,
        JSON.stringify(fields),
        sealed,
      );
      opened.set(`${orgId}:${share.keyId}:${transcript}`, share);
    },
    get: (orgId, keyId, transcript) => {
      const name = `${orgId}:${keyId}:${transcript}`;
      const known = opened.get(name);
      if (known) return known;
      const row = store.get('SELECT sealed FROM key_share WHERE key_id = ? AND transcript = ?', keyId, transcript);
      if (!row) return null;
      const secret = openRecord(row.sealed as Uint8Array, fieldsOf(orgId, keyId, transcript), wrapper);
      const share = decodeKeyShare(secret);
      secret.fill(0);
      opened.set(name, share);
      return share;
    },
    count: (keyId) => Number(store.get('SELECT COUNT(*) AS count FROM key_share WHERE key_id = ?', keyId)?.count ?? 0),
  };
};
