import { describe, expect, test } from 'vitest';
import { MalformedBytesError } from './reader';
import { CheatDetectedError, createRounds, judgeEach, ProtocolAbortError, retryable, unattributed } from './rounds';

const body = Uint8Array.of(1);

const machine = (admit: () => void = () => {}) => {
  const seen: string[] = [];
  const protocol = createRounds<string>({
    peers: [2, 3],
    open: () => [{ to: 'all', round: 1, body }],
    admit,
    rounds: [
      (received) => {
        seen.push([...received.values()].join());
        return { kind: 'send', out: [{ to: 2, round: 2, body }] };
      },
      () => ({ kind: 'withhold', out: [{ to: 'all', round: 3, body }] }),
      () => ({ kind: 'finish', out: [], result: 'result' }),
    ],
  });
  return { protocol, seen };
};

describe('the round driver', () => {
  test('runs a round when all peers were heard, and reports ready once', () => {
    const { protocol } = machine();
    expect(protocol.start().out).toHaveLength(1);
    expect(protocol.receive({ from: 2, round: 1, body })).toEqual({ status: 'running', out: [] });
    expect(protocol.receive({ from: 3, round: 1, body }).out).toHaveLength(1);
    protocol.receive({ from: 2, round: 2, body });
    expect(protocol.receive({ from: 3, round: 2, body })).toEqual({ status: 'ready', out: [] });
    expect(protocol.receive({ from: 2, round: 3, body })).toEqual({ status: 'running', out: [] });
    expect(protocol.receive({ from: 3, round: 3, body })).toEqual({ status: 'running', out: [] });
    expect(protocol.release()).toMatchObject({ status: 'done', result: 'result', out: [{ round: 3 }] });
  });

  test('keeps what arrives before the start and before its round', () => {
    const { protocol } = machine();
    for (const round of [3, 2, 1]) {
      for (const from of [2, 3])
        expect(protocol.receive({ from, round, body })).toEqual({ status: 'running', out: [] });
    }
    expect(protocol.start().status).toBe('ready');
    expect(protocol.start()).toEqual({ status: 'running', out: [] });
    expect(protocol.release().status).toBe('done');
  });

  test('keeps the first of two messages, as it was when it came', () => {
    const { protocol, seen } = machine();
    const reused = Uint8Array.of(7);
    protocol.start();
    protocol.receive({ from: 2, round: 1, body: reused });
    reused[0] = 9;
    protocol.receive({ from: 2, round: 1, body: Uint8Array.of(8) });
    protocol.receive({ from: 3, round: 1, body });
    expect(seen).toEqual(['7,1']);
  });

  test('ends for good when a message is not admitted', () => {
    const { protocol } = machine(() => {
      throw retryable('mpc.session_mismatch', 'Another session.');
    });
    protocol.start();
    const step = protocol.receive({ from: 2, round: 1, body });
    expect(step).toMatchObject({ status: 'aborted', abort: { class: 'retryable' } });
    expect(protocol.receive({ from: 3, round: 1, body })).toEqual(step);
    expect(protocol.start()).toEqual(step);
  });

  test('does not look at a message it would drop anyway', () => {
    const { protocol } = machine(() => {
      throw retryable('mpc.session_mismatch', 'Another session.');
    });
    protocol.start();
    expect(protocol.receive({ from: 4, round: 1, body }).status).toBe('running');
    expect(protocol.receive({ from: 2, round: 4, body }).status).toBe('running');
  });
});

describe('a message of a past round', () => {
  test('is dropped without a look, even from a peer whose message of that round was another', () => {
    let looks = 0;
    const { protocol } = machine(() => {
      looks += 1;
    });
    protocol.start();
    for (const from of [2, 3]) protocol.receive({ from, round: 1, body });
    expect(protocol.receive({ from: 2, round: 1, body: Uint8Array.of(2) })).toEqual({ status: 'running', out: [] });
    expect(looks).toBe(2);
  });
});

describe('judging the messages of all peers', () => {
  const received = new Map([
    [3, 'c'],
    [2, 'b'],
  ]);
  const abortOf = (judge: (peer: number) => unknown) => {
    try {
      judgeEach(received, judge);
    } catch (error) {
      return error instanceof ProtocolAbortError ? error.abort : error;
    }
    return undefined;
  };

  test('returns what was accepted, by peer', () => {
    expect(judgeEach(received, (peer, message) => `${peer}${message}`)).toEqual(
      new Map([
        [2, '2b'],
        [3, '3c'],
      ]),
    );
  });

  test('a burn outweighs another abort, and all cheats are named', () => {
    expect(
      abortOf((peer) => {
        throw peer === 2 ? unattributed('mpc.x', [2], 'No.') : new CheatDetectedError('mpc.ot_check');
      }),
    ).toMatchObject({ class: 'burn', code: 'mpc.ot_check', peers: [3] });
    expect(
      abortOf((peer) => {
        throw peer === 2 ? new MalformedBytesError('Bad.') : new CheatDetectedError('mpc.ot_check');
      }),
    ).toMatchObject({ class: 'burn', code: 'mpc.malformed_message', peers: [2, 3] });
  });

  test('a bug is no abort', () => {
    expect(
      abortOf(() => {
        throw new RangeError('A bug.');
      }),
    ).toBeInstanceOf(RangeError);
  });
});
