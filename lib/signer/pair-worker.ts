import { randomBytes } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { createPairSetup, encodePairState, type PairState } from '@/lib/mpc/dkls23/pair-setup';
import type { Abort, Incoming, Outgoing, Protocol, Step } from '@/lib/mpc/protocol';

/** To the worker thread that does the arithmetic of pair set-ups, so that the node stays responsive. */
export type ToPairWorker =
  | {
      readonly do: 'start';
      readonly ceremonyId: string;
      readonly me: number;
      readonly peer: number;
      readonly pairEpoch: number;
      readonly min: Uint8Array;
      readonly max: Uint8Array;
    }
  | { readonly do: 'receive'; readonly ceremonyId: string; readonly message: Incoming }
  | { readonly do: 'forget'; readonly ceremonyId: string };

/** `secretState` is an encoded pair state: it goes from thread to thread of one process and is sealed there. */
export type FromPairWorker = {
  readonly ceremonyId: string;
  readonly out: readonly Outgoing[];
  readonly secretState?: Uint8Array;
  readonly abort?: Abort;
};

const running = new Map<string, Protocol<PairState>>();

const report = (ceremonyId: string, step: Step<PairState>): void => {
  if (step.status === 'done' || step.status === 'aborted') running.delete(ceremonyId);
  const message: FromPairWorker = {
    ceremonyId,
    out: step.out,
    secretState: step.status === 'done' ? encodePairState(step.result) : undefined,
    abort: step.status === 'aborted' ? step.abort : undefined,
  };
  parentPort?.postMessage(message);
};

parentPort?.on('message', (message: ToPairWorker) => {
  const { ceremonyId } = message;
  if (message.do === 'forget') return running.delete(ceremonyId);
  if (message.do === 'receive') {
    const protocol = running.get(ceremonyId);
    return protocol && report(ceremonyId, protocol.receive(message.message));
  }
  const { me, peer, pairEpoch, min, max } = message;
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const protocol = createPairSetup({ me, peer, pairEpoch, identityKeys: { min, max }, random });
  running.set(ceremonyId, protocol);
  return report(ceremonyId, protocol.start());
});
