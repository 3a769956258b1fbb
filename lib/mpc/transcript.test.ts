import { describe, expect, test } from 'vitest';
import { keyCertificate } from './dkls23/dkg';
import { encodePairState } from './dkls23/pair-setup';
import { concat, u8 } from './framing';
import { sha256, toHex } from './primitives';
import {
  type Delivery,
  dealPairs,
  dkgMachines,
  generateKey,
  pairMachines,
  resultsOf,
  signingMachines,
  simulate,
} from './simulation';

/** Names each message and the first 16 bytes of its hash: any change of a byte on the wire changes the list. */
const digestOf = (sent: readonly Delivery[]): string[] =>
  sent
    .map(({ from, to, round, body }) => {
      const hash = toHex(sha256(concat(u8(from), u8(to), u8(round), body)).slice(0, 16));
      return `round ${round}, ${from} to ${to}, ${body.length} bytes: ${hash}`;
    })
    .sort();

describe('frozen transcripts of dkls23-ts/1, from seeded randomness', () => {
  test('pair set-up', () => {
    const simulation = simulate(pairMachines(1, 2, 'frozen'));
    const states = [...resultsOf(simulation).values()].map((state) => toHex(sha256(encodePairState(state))));
    expect({ messages: digestOf(simulation.sent), states }).toMatchSnapshot();
  });

  test('key generation 2-of-3', () => {
    const simulation = simulate(dkgMachines(2, [1, 2, 3], 'frozen'));
    const [share] = resultsOf(simulation).values();
    expect({
      messages: digestOf(simulation.sent),
      certificate: share === undefined ? undefined : keyCertificate(share),
    }).toMatchSnapshot();
  });

  test('signing 2-of-3', () => {
    const shares = generateKey(2, [1, 2, 3], 'frozen');
    const simulation = simulate(signingMachines(shares, dealPairs([1, 3], 'frozen'), [1, 3], 'frozen'));
    expect({ messages: digestOf(simulation.sent), signature: resultsOf(simulation).get(1) }).toMatchSnapshot();
  });

  test('a signing message to one peer has the size the specification states, and a prefix of 36 bytes', () => {
    const shares = generateKey(2, [1, 2, 3], 'frozen');
    const { sent } = simulate(signingMachines(shares, dealPairs([1, 3], 'frozen'), [1, 3], 'frozen'));
    const sizes = sent.filter(({ from }) => from === 1).map(({ round, body }) => [round, body.length - 36]);
    expect(sizes).toEqual([
      [1, 12_368],
      [2, 40_260],
      [3, 64],
    ]);
  });
});
