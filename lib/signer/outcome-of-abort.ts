import type { Abort } from '@/lib/mpc/protocol';
import { type NodeAlarm, PAIR_BURNED } from './alarms';
import type { Ceremonies, Session } from './ceremonies';
import type { PairPeer, Pairs } from './pairs';

export type AbortDeps = {
  readonly pairs: Pairs;
  readonly ceremonies: Ceremonies;
  readonly alarm: NodeAlarm;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
  /** Told of a change of pair states. */
  readonly changed: () => void;
};

/**
 * Does what an abort asks for, before anything is answered (specification 4.8): for a burn the durable write first, then every
 * ceremony that computes with the burned set-up ends; an unattributed abort leaves evidence and counts against the pair.
 */
export const settleAbort = (
  abort: Abort,
  session: Session,
  peerOf: ReadonlyMap<number, PairPeer>,
  deps: AbortDeps,
): void => {
  const named = abort.peers.length > 0 ? abort.peers : [...peerOf.keys()];
  const peers = named.flatMap((node) => peerOf.get(node) ?? []);
  switch (abort.class) {
    case 'retryable':
      deps.log('info', 'Ceremony aborted.', { code: abort.code });
      return;
    case 'unattributed':
      deps.log('warn', 'Ceremony aborted; it can not be told by whose fault.', { code: abort.code, peers: named });
      for (const peer of peers) deps.pairs.suspect(peer, session.evidence());
      deps.changed();
      return;
    case 'burn':
      for (const peer of peers) {
        deps.pairs.burn(peer, session.evidence());
        deps.ceremonies.abortUsing(peer.key, 'burn');
        deps.log('error', 'ALERT: pair set-up burned; the peer is excluded until an operator readmits it.', {
          peer: peer.node,
          code: abort.code,
        });
        const message = `The pair set-up with node ${peer.node} was burned: it broke the protocol. It is excluded until an operator decides.`;
        deps.alarm(PAIR_BURNED, peer.key, message, { peer: peer.node, code: abort.code });
      }
      deps.changed();
      return;
  }
};

/** Every protocol abort is answered alike and this much later, so that the answer tells nothing about the check that failed. */
export const ABORT_ANSWER_DELAY_MS = 50;
