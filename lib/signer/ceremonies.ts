import type { Incoming, Outgoing } from '@/lib/mpc/protocol';
import {
  createOpeningChannel,
  createSealingChannel,
  type Envelope,
  type EnvelopeHeader,
  type PeerKeys,
  type SecretIdentity,
  sealBroadcast,
} from '@/lib/transport/envelope';
import type { AnswerPace } from './answer-pace';

/** A ceremony that runs at this node. Nothing of it survives the process. */
export type Running = {
  readonly ceremonyId: string;
  /** Identity keys of the peers whose pair set-ups it uses. */
  readonly pairKeys: readonly string[];
  /** Takes an authenticated message. */
  readonly receive: (message: Incoming) => void;
  /** Ends it without a result; nothing more is sent. */
  readonly abort: (reason: string) => void;
};

/** The sealed channels of one ceremony: who may speak in it, and what was said. */
export type Session = {
  /** Seals at once; the bytes leave at the next boundary, so that their time does not tell how long they were computed. */
  readonly send: (out: readonly Outgoing[]) => void;
  /** For what waited for a boundary already. */
  readonly sendNow: (out: readonly Outgoing[]) => void;
  /** Nothing leaves any more, also not what waits for a boundary. */
  silence(): void;
  open(envelope: Envelope): Incoming | null;
  /** The signed envelopes received: evidence, should somebody have cheated. */
  evidence(): readonly Uint8Array[];
};

export type SessionInput = {
  readonly kind: EnvelopeHeader['kind'];
  readonly ceremonyId: string;
  readonly sid: string;
  readonly me: SecretIdentity;
  readonly peers: ReadonlyMap<number, PeerKeys & { readonly pairEpoch: number }>;
  readonly sendBytes: (bytes: Uint8Array) => void;
  readonly pace: Pick<AnswerPace, 'atBoundary'>;
  readonly clock: () => number;
};

export const createSession = (input: SessionInput): Session => {
  const { kind, ceremonyId, sid, me, peers, sendBytes, pace, clock } = input;
  const channels = new Map(
    [...peers].map(([node, keys]) => [
      node,
      {
        seal: createSealingChannel(me, { node, ...keys }, ceremonyId),
        open: createOpeningChannel(me, { node, ...keys }, ceremonyId),
        pairEpoch: keys.pairEpoch,
      },
    ]),
  );
  const heard: Uint8Array[] = [];
  let broadcasts = 0;
  const header = (round: number) => ({ v: 1, kind, from: me.node, ceremonyId, sid, round, ts: clock() }) as const;
  let isSilent = false;
  const seal = ({ to, round, body }: Outgoing): Uint8Array => {
    if (to === 'all') return sealBroadcast({ ...header(round), seq: broadcasts++, pairEpoch: 0 }, body, me);
    const channel = channels.get(to);
    if (!channel) throw new Error(`Party ${to} is not in the ceremony.`);
    return channel.seal.seal({ ...header(round), to, pairEpoch: channel.pairEpoch }, body);
  };
  const leave = (sealed: readonly Uint8Array[]): void => {
    if (!isSilent) for (const bytes of sealed) sendBytes(bytes);
  };
  return {
    send: (out) => {
      if (out.length === 0) return;
      const sealed = out.map(seal);
      pace.atBoundary(() => leave(sealed));
    },
    sendNow: (out) => leave(out.map(seal)),
    silence: () => {
      isSilent = true;
    },
    open: (envelope) => {
      const { header: head } = envelope;
      const channel = channels.get(head.from);
      // Another session or pair epoch is never worth a burn: a relay that tells two nodes different things must not make them burn each other.
      if (!channel || head.kind !== kind || head.sid !== sid) return null;
      if (head.pairEpoch !== (head.to === 0 ? 0 : channel.pairEpoch)) return null;
      const body = channel.open.open(envelope);
      if (body === null) return null;
      heard.push(envelope.bytes.slice());
      return { from: head.from, round: head.round, body };
    },
    evidence: () => heard,
  };
};

/** All ceremonies of a node: bounded in number, in time and in what may be said to them. */
export type Ceremonies = {
  /** @returns false when too many run already. */
  add(running: Running, session: Session, ttlMs: number): boolean;
  remove(ceremonyId: string): void;
  has(ceremonyId: string): boolean;
  /** Hands an envelope to its ceremony. What does not authenticate is dropped and counted, and changes nothing. */
  receive(envelope: Envelope): void;
  /** Ends every ceremony that computes with a set-up of that peer. */
  abortUsing(pairKey: string, reason: string): void;
  abort(ceremonyId: string, reason: string): void;
  abortAll(reason: string): void;
  counts(): { readonly running: number; readonly dropped: number };
};

export const MAX_RUNNING = 64;
const MAX_EARLY = 32;
const EARLY_MS = 5_000;

export const createCeremonies = (clock: () => number): Ceremonies => {
  const all = new Map<
    string,
    { readonly running: Running; readonly session: Session; readonly timer: NodeJS.Timeout }
  >();
  // A peer may be told to begin a moment before this node: a few envelopes wait, unread, for their ceremony.
  const early: { readonly envelope: Envelope; readonly at: number }[] = [];
  let dropped = 0;

  const remove = (ceremonyId: string): void => {
    clearTimeout(all.get(ceremonyId)?.timer);
    all.delete(ceremonyId);
  };
  const abort = (ceremonyId: string, reason: string): void => {
    const found = all.get(ceremonyId);
    remove(ceremonyId);
    found?.session.silence();
    found?.running.abort(reason);
  };
  const receive = (envelope: Envelope): void => {
    const found = all.get(envelope.header.ceremonyId);
    if (!found) {
      const now = clock();
      while (early[0] && (early[0].at < now - EARLY_MS || early.length >= MAX_EARLY)) {
        early.shift();
        dropped += 1;
      }
      early.push({ envelope: { ...envelope }, at: now });
      return;
    }
    const message = found.session.open(envelope);
    if (message) found.running.receive(message);
    else dropped += 1;
  };

  return {
    add: (running, session, ttlMs) => {
      if (all.size >= MAX_RUNNING) return false;
      const timer = setTimeout(() => abort(running.ceremonyId, 'timeout'), ttlMs);
      timer.unref();
      all.set(running.ceremonyId, { running, session, timer });
      const mine = early.filter(({ envelope }) => envelope.header.ceremonyId === running.ceremonyId);
      if (mine.length > 0) {
        early.splice(0, early.length, ...early.filter((item) => !mine.includes(item)));
        queueMicrotask(() => {
          for (const { envelope } of mine) receive(envelope);
        });
      }
      return true;
    },
    remove,
    has: (ceremonyId) => all.has(ceremonyId),
    receive,
    abort,
    abortUsing: (pairKey, reason) => {
      for (const [ceremonyId, { running }] of [...all])
        if (running.pairKeys.includes(pairKey)) abort(ceremonyId, reason);
    },
    abortAll: (reason) => {
      for (const ceremonyId of [...all.keys()]) abort(ceremonyId, reason);
    },
    counts: () => ({ running: all.size, dropped }),
  };
};
