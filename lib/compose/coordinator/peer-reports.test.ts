import { expect, test } from 'vitest';
import { accepted, refused } from '@/lib/domain/refusal';
import type { AskMethod, Hello } from '@/lib/transport/messages';
import type { Relay, SignedHello } from '@/lib/transport/relay-server';
import { createPeerReports } from './peer-reports';

const asks = (node: number): string => `${node}`.repeat(64);
const said = (node: number, seen: number): Hello => ({
  v: 1,
  node,
  certificate: { node, signingKey: `${node}`, agreementKey: `${node}`, region: 'test' },
  k: 3,
  n: 4,
  heads: {},
  clock: 0,
  counter: 0,
  counters: { old: seen },
  asks: asks(node),
  status: {
    selfTest: true,
    quarantined: false,
    backend: '',
    specVersion: '',
    unaudited: true,
    pairs: [],
    stopped: [],
    counts: {},
  },
});

/** Nodes 1 to 3 are there, and 3 gives no answer. What each hears, by node. */
const arrange = () => {
  const earlier: readonly SignedHello[] = [1, 2, 3].map((node) => ({
    challenge: 'aa',
    hello: said(node, 4),
    signature: 'earlier',
  }));
  const heard = new Map<number, SignedHello[]>();
  const ask = async (node: number, method: AskMethod, params: { readonly reports?: readonly SignedHello[] }) => {
    if (method === 'peers.seen') {
      heard.set(node, [...(heard.get(node) ?? []), ...(params.reports ?? [])]);
      return accepted({});
    }
    return node === 3
      ? refused(503, 'signer.no_answer', 'It gave no answer.')
      : accepted({ hello: said(node, 9), signature: 'now' });
  };
  const relay = () => ({ ask: ask as unknown as Relay['ask'] });
  return { reports: createPeerReports({ relay, directory: { hellos: () => earlier } }), heard };
};
const words = (heard: readonly SignedHello[] | undefined) =>
  (heard ?? [])
    .map(({ hello, signature, challenge }) => [hello.node, hello.counters.old, signature, challenge.slice(0, 2)])
    .sort();

test('a node that connects hears what its peers remember of it now, and of one that does not answer what it said before', async () => {
  const { reports, heard } = arrange();
  await reports.introduce(1);
  // Over what the receiver asks them to sign.
  expect(words(heard.get(1))).toEqual([
    [2, 9, 'now', '11'],
    [3, 4, 'earlier', 'aa'],
  ]);
});

test('those that were there before hear what it remembers of them', async () => {
  const { reports, heard } = arrange();
  await reports.introduce(1);
  expect(words(heard.get(2))).toEqual([[1, 9, 'now', '22']]);
  expect(words(heard.get(3))).toEqual([[1, 9, 'now', '33']]);
});

test('a repetition carries the word of each to all others', async () => {
  const { reports, heard } = arrange();
  await reports.repeat();
  expect([1, 2, 3].map((node) => words(heard.get(node)).map(([from]) => from))).toEqual([
    [2, 3],
    [1, 3],
    [1, 2],
  ]);
});
