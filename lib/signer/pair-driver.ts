import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bytesToHex, hashParts, hexToBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { NodeCertificate } from '@/lib/ledger/genesis';
import { decodePairState } from '@/lib/mpc/dkls23/pair-state';
import type { AnswerPace } from './answer-pace';
import { type Ceremonies, createSession, type Session } from './ceremonies';
import type { Identity } from './identity';
import type { Journal } from './journal';
import { type AbortDeps, settleAbort } from './outcome-of-abort';
import type { FromPairWorker, ToPairWorker } from './pair-worker';
import type { PairPeer, Pairs } from './pairs';

export type PairDriverDeps = AbortDeps & {
  readonly identity: Identity;
  readonly pairs: Pairs;
  readonly ceremonies: Ceremonies;
  readonly journal: Journal;
  readonly pace: AnswerPace;
  readonly sendBytes: (bytes: Uint8Array) => void;
  readonly clock: () => number;
  /** Told when a set-up ended, well or not. */
  readonly ended: (ceremonyId: string) => void;
  /** Whether the certificate is in force for that node in an organisation this node signs for. */
  readonly isKnown: (certificate: NodeCertificate) => boolean;
};

/** Sets up pairs in the background, one per peer at a time; the arithmetic runs in a worker thread. */
export type PairDriver = {
  begin(input: { peer: NodeCertificate; ceremonyId: string; pairEpoch: number }): Outcome<Record<string, never>>;
  isRunning(key: string): boolean;
  close(): void;
};

const TTL_MS = 120_000;
const IDLE_MS = 15_000;

export const createPairDriver = (deps: PairDriverDeps): PairDriver => {
  const { identity, pairs, ceremonies, journal, sendBytes, clock } = deps;
  const me = identity.certificate.node;
  const running = new Map<string, { readonly peer: PairPeer; readonly session: Session }>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;

  const end = (ceremonyId: string): void => {
    running.delete(ceremonyId);
    ceremonies.remove(ceremonyId);
    deps.ended(ceremonyId);
    deps.changed();
    if (running.size > 0) return;
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (running.size > 0) return;
      void worker?.terminate();
      worker = null;
    }, IDLE_MS);
    idle.unref();
  };

  const follow = ({ ceremonyId, out, secretState, abort }: FromPairWorker): void => {
    const found = running.get(ceremonyId);
    if (!found) return;
    const { peer, session } = found;
    if (abort) {
      session.silence();
      end(ceremonyId);
      // A set-up has no state worth a burn: nothing of it was ever used. A cheat is noted against the peer all the same.
      settleAbort(
        abort.class === 'burn' ? { ...abort, class: 'unattributed' } : abort,
        session,
        new Map([[peer.node, peer]]),
        deps,
      );
      return;
    }
    if (secretState) {
      // READY is on the disk before the last message can be taken for an agreement.
      pairs.save(peer, decodePairState(secretState));
      secretState.fill(0);
    }
    session.send(out);
    if (secretState) end(ceremonyId);
  };

  const toWorker = (message: ToPairWorker): void => {
    worker ??= startWorker(follow, (error) => {
      deps.log('error', 'The thread of pair set-ups failed.', { err: error });
      worker = null;
      for (const ceremonyId of [...running.keys()]) end(ceremonyId);
    });
    worker.postMessage(message);
  };

  return {
    isRunning: (key) => [...running.values()].some(({ peer }) => peer.key === key),
    begin: ({ peer: certificate, ceremonyId, pairEpoch }) => {
      const peer: PairPeer = { node: certificate.node, key: certificate.signingKey };
      if (peer.node === me || !deps.isKnown(certificate))
        return refused(409, 'signer.unknown_peer', `The keys shown for node ${peer.node} are not in force.`);
      if (pairs.excluded(peer.key))
        return refused(409, 'signer.peer_excluded', `Node ${peer.node} is excluded until an operator readmits it.`);
      if ([...running.values()].some((other) => other.peer.key === peer.key))
        return refused(409, 'signer.pair_running', `A set-up with node ${peer.node} runs already.`);
      if (!journal.claim(ceremonyId))
        return refused(409, 'signer.ceremony_used', 'A ceremony of this id took place before.');
      if (!pairs.begin(peer, pairEpoch))
        return refused(
          409,
          'signer.pair_epoch',
          `Pair epoch ${pairEpoch} with node ${peer.node} is not above the highest one.`,
        );
      const sid = bytesToHex(hashParts('countersign/pair-session/1', ceremonyId, String(pairEpoch)));
      const session = createSession({
        kind: 'pair',
        ceremonyId,
        sid,
        me: identity.secret,
        sendBytes,
        pace: deps.pace,
        clock,
        peers: new Map([
          [peer.node, { signingKey: certificate.signingKey, agreementKey: certificate.agreementKey, pairEpoch }],
        ]),
      });
      const added = ceremonies.add(
        {
          ceremonyId,
          pairKeys: [],
          receive: (message) => toWorker({ do: 'receive', ceremonyId, message }),
          abort: () => {
            toWorker({ do: 'forget', ceremonyId });
            end(ceremonyId);
          },
        },
        session,
        TTL_MS,
      );
      if (!added) return refused(503, 'signer.busy', 'Too many ceremonies run at this node.');
      running.set(ceremonyId, { peer, session });
      const mine = hexToBytes(identity.certificate.signingKey);
      const theirs = hexToBytes(certificate.signingKey);
      toWorker({
        do: 'start',
        ceremonyId,
        me,
        peer: peer.node,
        pairEpoch,
        min: me < peer.node ? mine : theirs,
        max: me < peer.node ? theirs : mine,
      });
      deps.changed();
      return accepted({});
    },
    close: () => {
      clearTimeout(idle);
      void worker?.terminate();
      worker = null;
    },
  };
};

const startWorker = (onMessage: (message: FromPairWorker) => void, onError: (error: Error) => void): Worker => {
  const worker = import.meta.url.endsWith('.ts')
    ? sourceWorker()
    : new Worker(new URL('./pair-worker.js', import.meta.url), THREAD); // a build has it beside this file
  worker.unref();
  worker.on('message', onMessage);
  worker.on('error', onError);
  return worker;
};

/** A thread has no TypeScript loader of its own in Node 20; this registers one before it loads the file. */
const sourceWorker = (): Worker => {
  const entry = new URL('./pair-worker.ts', import.meta.url).href;
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  ).href;
  const code = `import(${JSON.stringify(loader)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(entry)}); });`;
  return new Worker(code, { ...THREAD, eval: true });
};

const THREAD = { execArgv: [], stdout: false, stderr: false };
