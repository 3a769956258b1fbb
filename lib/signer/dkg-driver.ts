import { bytesToHex, hashParts, hexToBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { certificatesInForce } from '@/lib/ledger/nodes';
import { find } from '@/lib/ledger/state';
import { createDkg, type KeyShare, keyCertificate } from '@/lib/mpc/dkls23/dkg';
import type { KeyCertificate } from '@/lib/mpc/key-certificate';
import type { RandomSource, Step } from '@/lib/mpc/protocol';
import { verifyEd25519 } from '@/lib/transport/keys';
import type { AnswerPace } from './answer-pace';
import { type Ceremonies, createSession } from './ceremonies';
import type { Identity } from './identity';
import type { Journal } from './journal';
import { type AbortDeps, settleAbort } from './outcome-of-abort';
import type { ReplayDriver } from './replay-driver';
import type { Shares } from './shares';

export type DkgDriverDeps = AbortDeps & {
  readonly identity: Identity;
  readonly replay: ReplayDriver;
  readonly shares: Shares;
  readonly ceremonies: Ceremonies;
  readonly journal: Journal;
  readonly pace: AnswerPace;
  readonly sendBytes: (bytes: Uint8Array) => void;
  readonly clock: () => number;
  readonly random: RandomSource;
  readonly made: (ceremonyId: string, certificate: KeyCertificate) => void;
  readonly ended: (ceremonyId: string) => void;
};

export type DkgDriver = {
  begin(input: { orgId: string; keyId: string; ceremonyId: string }): Outcome<Record<string, never>>;
};

const TTL_MS = 30_000;
/** Generations of one key that other nodes may have given up before this node stops taking part. */
const MAX_GENERATIONS = 16;

/** Takes part in key generation for a key that this node's own replay knows as being created. */
export const createDkgDriver = (deps: DkgDriverDeps): DkgDriver => {
  const { identity, replay, shares, ceremonies, journal } = deps;
  const me = identity.certificate.node;

  return {
    begin: ({ orgId, keyId, ceremonyId }) => {
      const following = replay.find(orgId);
      if (!following.ok) return following;
      const { genesis, replica } = following.value;
      if (find(replica.state, 'key', keyId)?.status !== 'Creating') {
        return refused(
          409,
          'signer.key_not_asked',
          "No key of this id is being created in this node's copy of the ledger.",
        );
      }
      if (shares.count(keyId) >= MAX_GENERATIONS)
        return refused(409, 'signer.key_generations', 'Too many generations of this key were given up.');
      if (!journal.claim(ceremonyId))
        return refused(409, 'signer.ceremony_used', 'A ceremony of this id took place before.');
      const nodes = certificatesInForce(replica.state);
      const certificates = new Map(nodes.map((node) => [node.node, node]));
      const protocol = createDkg({
        ceremonyId: hexToBytes(ceremonyId),
        keyId,
        threshold: genesis.k,
        parties: [...certificates.keys()].sort((a, b) => a - b),
        me,
        random: deps.random,
        sign: (hash) => hexToBytes(identity.sign(hash)),
        verify: (party, hash, signature) =>
          verifyEd25519(certificates.get(party)?.signingKey ?? '', hash, bytesToHex(signature)),
      });
      const peers = nodes.filter((node) => node.node !== me);
      const session = createSession({
        kind: 'dkg',
        ceremonyId,
        sid: bytesToHex(hashParts('countersign/dkg-session/1', orgId, keyId, ceremonyId)),
        me: identity.secret,
        sendBytes: deps.sendBytes,
        pace: deps.pace,
        clock: deps.clock,
        peers: new Map(peers.map((peer) => [peer.node, { ...peer, pairEpoch: 0 }])),
      });
      const follow = (step: Step<KeyShare>): void => {
        switch (step.status) {
          case 'running':
          case 'ready':
            session.send(step.out);
            return;
          case 'done':
            ceremonies.remove(ceremonyId);
            // The share is on the disk before anybody hears of the key.
            shares.save(orgId, step.result);
            session.send(step.out);
            deps.made(ceremonyId, keyCertificate(step.result));
            return;
          case 'aborted':
            session.silence();
            ceremonies.remove(ceremonyId);
            settleAbort(
              // Key generation uses no pair set-up: whoever cheats in it spoils a key that was never used.
              step.abort.class === 'burn' ? { ...step.abort, class: 'unattributed' } : step.abort,
              session,
              new Map(peers.map((peer) => [peer.node, { node: peer.node, key: peer.signingKey }])),
              deps,
            );
            deps.ended(ceremonyId);
            return;
        }
      };
      const added = ceremonies.add(
        {
          ceremonyId,
          pairKeys: [],
          receive: (message) => follow(protocol.receive(message)),
          abort: () => deps.ended(ceremonyId),
        },
        session,
        TTL_MS,
      );
      if (!added) return refused(503, 'signer.busy', 'Too many ceremonies run at this node.');
      // After the answer, so that the coordinator never sees a message of a ceremony nobody has confirmed.
      queueMicrotask(() => follow(protocol.start()));
      return accepted({});
    },
  };
};
