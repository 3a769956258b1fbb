import { beforeAll, expect, test } from 'vitest';
import { verifyEd25519 } from '@/lib/authentication/node-verifier';
import { type SignedHead, verifySignedHead } from '@/lib/ledger/heartbeat';
import { verifyConsistency, verifyInclusion } from '@/lib/ledger/merkle-proofs';
import type { Person } from '../support/person';
import { until } from '../support/system';
import { call, invite, newOrganisation, theSystem } from '../support/world';

const system = theSystem();
let admin: Person;
let member: Person;
beforeAll(async () => {
  admin = await newOrganisation(system);
  member = await invite(system, admin);
});

// biome-ignore lint/suspicious/noExplicitAny: a story reads whatever the answer holds.
const read = async (path: string): Promise<any> => {
  const { status, body } = await call(system, 'GET', path, { token: member.token });
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
};
/** What the nodes have signed once each of them has signed a heartbeat over the whole ledger. */
const witnessed = () =>
  until(
    async () => ({ head: await read('/x/ledger/head'), ...(await read('/x/ledger/checkpoints')) }),
    ({ head, nodes, heartbeats }) =>
      heartbeats.filter((beat: { head: { seq: number } }) => beat.head.seq >= head.seq - 1).length === nodes.length,
    90_000,
  );

test('any member checks the heartbeats of all nodes on an idle ledger, and every entry below them, without believing the server', async () => {
  const { nodes, heartbeats, alarms } = await witnessed();
  expect(alarms).toEqual([]);
  for (const beat of heartbeats) {
    const { signingKey } = nodes.find((one: { node: number }) => one.node === beat.node);
    const signed: SignedHead = { ...beat, at: Date.parse(beat.at) };
    expect(verifySignedHead(signed, signingKey, verifyEd25519)).toBe(true);
    const { seq: at, root } = beat.head;
    for (let seq = 0; seq <= at; seq += 1) {
      const proof = await read(`/x/ledger/entries/${seq}/proof?at=${at}`);
      expect(verifyInclusion({ ...proof, size: at + 1, root })).toBe(true);
    }
  }
});

test('a ledger that grew is shown to begin with the one that was witnessed', async () => {
  const before = (await witnessed()).heartbeats[0].head;
  await invite(system, admin);
  const after = await until(
    () => read('/x/ledger/head'),
    (head) => head.seq > before.seq,
  );
  const { path } = await read(`/x/ledger/consistency?from=${before.seq}&to=${after.seq}`);
  const proof = { first: before.seq + 1, size: after.seq + 1, firstRoot: before.root, root: after.root, path };
  expect(verifyConsistency(proof)).toBe(true);
});
