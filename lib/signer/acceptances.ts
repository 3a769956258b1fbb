import type { RequestBundle } from '@/lib/evidence/bundle';
import type { NodeCertificate } from '@/lib/ledger/genesis';
import { certificatesInForce } from '@/lib/ledger/nodes';
import { type Accept, acceptHash, type SignedAccept } from '@/lib/transport/accept';
import { verifyEd25519 } from '@/lib/transport/keys';
import type { Following } from './replay-driver';

/** The other participants, by their certificates in force. */
export const peersOf = (bundle: RequestBundle, following: Following, me: number): readonly NodeCertificate[] =>
  certificatesInForce(following.replica.state).filter(
    (node) => node.node !== me && bundle.participants.includes(node.node),
  );

/** The peers' acceptances if they and this node's own are exactly one per participant, over one bundle and digest, each signed; else null. */
export const agreeing = (
  accepts: readonly SignedAccept[],
  own: Accept,
  peers: readonly NodeCertificate[],
): readonly SignedAccept[] | null => {
  if (accepts.length !== peers.length + 1) return null;
  const mine = accepts.find(({ accept }) => accept.node === own.node);
  if (mine?.accept.nonce !== own.nonce) return null;
  const others = peers.flatMap((peer) => {
    const found = accepts.find(({ accept }) => accept.node === peer.node);
    const holds =
      found !== undefined &&
      found.accept.bundleHash === own.bundleHash &&
      found.accept.digest === own.digest &&
      verifyEd25519(peer.signingKey, acceptHash(found.accept), found.signature);
    return holds ? [found] : [];
  });
  return others.length === peers.length ? others : null;
};
