import { beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import { isHeartbeatOf, leafOf, rootOver, rootsOf } from '../support/rfc6962';
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
    expect(isHeartbeatOf(signingKey, beat.root, Date.parse(beat.at), beat.signature)).toBe(true);
    const { orgId, root, seq: at } = beat.head;
    const leaf = leafOf(JSON.stringify({ orgId, root, seq: at }));
    expect(rootOver(beat.index, beat.size, leaf, beat.path)).toBe(beat.root);
    for (let seq = 0; seq <= at; seq += 1) {
      const proof = await read(`/x/ledger/entries/${seq}/proof?at=${at}`);
      expect(rootOver(seq, at + 1, proof.leaf, proof.path)).toBe(root);
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
  expect(rootsOf(before.seq + 1, after.seq + 1, before.root, path)).toEqual([before.root, after.root]);
});
