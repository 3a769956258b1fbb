import type { Abort, Incoming, Outgoing, PartyId, Step, WithheldProtocol } from './protocol';
import { MalformedBytesError } from './reader';

/** What a round says once the messages of all peers are in. */
export type RoundResult<R> =
  | { kind: 'send'; out: Outgoing[] }
  /** The message is ready, and leaves only after `release`. */
  | { kind: 'withhold'; out: Outgoing[] }
  | { kind: 'finish'; out: Outgoing[]; result: R };

export type Round<R> = (received: ReadonlyMap<PartyId, Uint8Array>) => RoundResult<R>;

export type RoundsInput<R> = {
  peers: readonly PartyId[];
  /** Makes the messages of round 1. */
  open: () => Outgoing[];
  /** Looks at a message before it is buffered; throws {@link ProtocolAbortError} when it is of another session. */
  admit: (message: Incoming) => void;
  /** `rounds[k]` consumes the messages of round k + 1. */
  rounds: readonly Round<R>[];
};

/**
 * Drives a protocol of fixed rounds: buffers early messages, drops strangers, duplicates and stale rounds, runs a round
 * when every peer has been heard, and turns every failure into an aborted step. Secrets live as long as the machine:
 * the caller drops it at the end.
 */
export const createRounds = <R>({ peers, open, admit, rounds }: RoundsInput<R>): WithheldProtocol<R> => {
  let pending: readonly Round<R>[] = rounds;
  let current = 0;
  let withheld: Outgoing[] | undefined;
  let final: Extract<Step<R>, { status: 'done' | 'aborted' }> | undefined;
  const inbox = new Map<number, Map<PartyId, Uint8Array>>();

  const finish = (step: Extract<Step<R>, { status: 'done' | 'aborted' }>): Step<R> => {
    final = step;
    pending = [];
    withheld = undefined;
    inbox.clear();
    return step;
  };
  const repeated = (step: Extract<Step<R>, { status: 'done' | 'aborted' }>): Step<R> =>
    step.status === 'done' ? { ...step, out: [] } : step;
  // Fail closed: whatever goes wrong inside ends the ceremony, and the message tells nothing about secrets.
  const guarded = (run: () => Step<R>): Step<R> => {
    try {
      return run();
    } catch (error) {
      return finish({ status: 'aborted', out: [], abort: abortOf(error) });
    }
  };

  // Runs rounds for as long as all their messages are in.
  const advance = (out: Outgoing[]): Step<R> => {
    const received = inbox.get(current);
    const round = pending[current - 1];
    if (round === undefined || received === undefined || received.size < peers.length)
      return { status: 'running', out };
    inbox.delete(current);
    current += 1;
    const result = round(received);
    switch (result.kind) {
      case 'send':
        return advance([...out, ...result.out]);
      case 'withhold':
        withheld = result.out;
        return { status: 'ready', out };
      case 'finish':
        return finish({ status: 'done', out: [...out, ...result.out], result: result.result });
      default:
        return unreachable(result);
    }
  };

  return {
    start: () => {
      if (final !== undefined) return repeated(final);
      if (current > 0) return { status: 'running', out: [] };
      current = 1;
      return guarded(() => advance(open()));
    },
    receive: (message) => {
      if (final !== undefined) return repeated(final);
      const { from, round } = message;
      const isExpected = peers.includes(from) && Number.isInteger(round) && round >= Math.max(current, 1);
      if (!isExpected || round > rounds.length) return { status: 'running', out: [] };
      const received = inbox.get(round) ?? new Map<PartyId, Uint8Array>();
      if (received.has(from)) return { status: 'running', out: [] };
      return guarded(() => {
        admit(message);
        // A copy: the caller may reuse its buffer.
        received.set(from, message.body.slice());
        inbox.set(round, received);
        return withheld === undefined ? advance([]) : { status: 'running', out: [] };
      });
    },
    release: () => {
      if (final?.status === 'aborted') return final;
      if (withheld === undefined) throw new Error('The ceremony has nothing to release.');
      const out = withheld;
      withheld = undefined;
      return guarded(() => advance(out));
    },
  };
};

/**
 * Judges the messages of all peers, without stopping at the first bad one, so that every cheating pair is burned and
 * the time taken does not tell which check failed. A burn outweighs every other abort.
 * @throws {ProtocolAbortError}
 */
export const judgeEach = <M, T>(
  received: ReadonlyMap<PartyId, M>,
  judge: (peer: PartyId, message: M) => T,
): Map<PartyId, T> => {
  const accepted = new Map<PartyId, T>();
  const aborts: Abort[] = [];
  for (const [peer, message] of [...received].sort(([a], [b]) => a - b)) {
    try {
      accepted.set(peer, judge(peer, message));
    } catch (error) {
      if (error instanceof ProtocolAbortError) aborts.push(error.abort);
      else if (error instanceof MalformedBytesError) aborts.push(burnOf(peer, 'mpc.malformed_message'));
      else if (error instanceof CheatDetectedError) aborts.push(burnOf(peer, error.code));
      else throw error;
    }
  }
  const burns = aborts.filter((abort) => abort.class === 'burn');
  const gravest = burns[0] ?? aborts[0];
  if (gravest === undefined) return accepted;
  const peers = (burns.length > 0 ? burns : aborts).flatMap((abort) => abort.peers);
  throw new ProtocolAbortError({ ...gravest, peers: [...new Set(peers)] });
};

export const retryable = (code: string, message: string): ProtocolAbortError =>
  new ProtocolAbortError({ class: 'retryable', code, peers: [], message });

export const unattributed = (code: string, peers: PartyId[], message: string): ProtocolAbortError =>
  new ProtocolAbortError({ class: 'unattributed', code, peers, message });

const burnOf = (peer: PartyId, code: string): Abort => ({
  class: 'burn',
  code,
  peers: [peer],
  message: `An authenticated message of party ${peer} is invalid; the pair set-up with it must be burned.`,
});

const abortOf = (error: unknown): Abort =>
  error instanceof ProtocolAbortError
    ? error.abort
    : { class: 'unattributed', code: 'mpc.internal', peers: [], message: 'The ceremony failed inside this party.' };

const unreachable = (value: never): never => {
  throw new Error(`Unreachable: ${String(value)}`);
};

/** Ends a ceremony with a classified abort. */
export class ProtocolAbortError extends Error {
  override readonly name = 'ProtocolAbortError';
  constructor(readonly abort: Abort) {
    super(abort.message);
  }
}

/** A check that only a cheating peer fails. It burns the pair, because whether it fails depends on our secrets. */
export class CheatDetectedError extends Error {
  override readonly name = 'CheatDetectedError';
  constructor(readonly code: 'mpc.ot_check' | 'mpc.multiplication_check' | 'mpc.nonce_check' | 'mpc.key_check') {
    super('A consistency check on an authenticated message failed.');
  }
}
