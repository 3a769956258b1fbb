import { expect, test } from 'vitest';
import { accepted, refused } from '@/lib/domain/refusal';
import type { AskMethod, Hello } from '@/lib/transport/messages';
import type { Relay, SignedHello } from '@/lib/transport/relay-server';
import { reportPeers } from './peer-reports';

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

test('a node that connects hears what its peers remember of it now, and of one that does not answer what it said before', async () => {
  const earlier: readonly SignedHello[] = [1, 2, 3].map((node) => ({
    challenge: 'aa',
    hello: said(node, 4),
    signature: 'earlier',
  }));
  const heard: SignedHello[] = [];
  const ask = async (node: number, method: AskMethod, params: { readonly reports?: readonly SignedHello[] }) => {
    if (method === 'peers.seen') heard.push(...(params.reports ?? []));
    if (method === 'peers.seen') return accepted({});
    return node === 3
      ? refused(503, 'signer.no_answer', 'It gave no answer.')
      : accepted({ hello: said(node, 9), signature: 'now' });
  };
  await reportPeers(1, { relay: { ask: ask as unknown as Relay['ask'] }, directory: { hellos: () => earlier } });
  expect(heard.map(({ hello, signature }) => [hello.node, hello.counters.old, signature])).toEqual([
    [2, 9, 'now'],
    [3, 4, 'earlier'],
  ]);
  // Each is asked over a challenge of its own.
  expect(heard.find(({ hello }) => hello.node === 2)?.challenge).toMatch(/^[0-9a-f]{64}$/);
});
