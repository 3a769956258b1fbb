import { expect, test } from 'vitest';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { type Extension, emptyReplica, extendReplica } from '@/lib/ledger/replay';
import { TEST_PORTS } from '@/lib/ledger/testing/ports';
import { activityIdOf, createWorld, fate, type World } from '@/lib/ledger/testing/world';
import { rememberingPorts } from './remembering-ports';

/** Ports that say how often they were really asked. */
const counted = () => {
  let asked = 0;
  const count =
    <A extends readonly unknown[]>(verify: (...input: A) => boolean) =>
    (...input: A): boolean => {
      asked += 1;
      return verify(...input);
    };
  const ports: LedgerPorts = {
    ...TEST_PORTS,
    verifyCredential: count(TEST_PORTS.verifyCredential),
    verifyEd25519: count(TEST_PORTS.verifyEd25519),
    verifyEcdsa: count(TEST_PORTS.verifyEcdsa),
  };
  return { ports, asked: () => asked };
};

const replay = (world: World, ports: LedgerPorts): Extension[] => {
  const replica = emptyReplica(world.orgId);
  return world.items.map(({ bytes, body }) => extendReplica(replica, bytes, body, ports));
};

const signed = (): World => {
  const world = createWorld();
  const id = activityIdOf(world.transfer(world.wallet()));
  world.reserve(id);
  world.checkpoint();
  world.release(id);
  return world;
};

test('a ledger replayed again asks for no signature that held', () => {
  const { ports, asked } = counted();
  const remembering = rememberingPorts(ports);
  const world = signed();
  const first = replay(world, remembering).map(fate);
  const before = asked();
  expect(before).toBeGreaterThan(5);
  expect(replay(world, remembering).map(fate)).toEqual(first);
  expect(asked()).toBe(before);
});

test('a forged signature in the middle of a ledger is void, also beside one that held', () => {
  const world = createWorld();
  const honest = world.request(world.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia' });
  world.place(honest);
  const assertion = honest.leaf.assertion;
  if (!assertion) throw new Error('Not signed.');
  const other = world.request(world.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia' });
  world.place({
    ...other,
    leaf: { ...other.leaf, assertion: { ...assertion, clientData: other.leaf.assertion?.clientData ?? '' } },
  });
  world.wallet();
  const remembering = rememberingPorts(TEST_PORTS);
  const plain = replay(world, TEST_PORTS).map(fate);
  expect(plain).toContain('authentication.user_action_invalid');
  expect(replay(world, remembering).map(fate)).toEqual(plain);
  expect(replay(world, remembering).map(fate)).toEqual(plain);
});

test('what held is remembered for its own key, bytes, signature and digest alone, and never what did not hold', () => {
  let answer = true;
  const verifyCredential = () => answer;
  const ports = rememberingPorts({ ...TEST_PORTS, verifyCredential, verifyEd25519: verifyCredential });
  const input = { publicKey: 'k', data: Uint8Array.of(1), signature: Uint8Array.of(2) };
  expect(ports.verifyCredential(input)).toBe(true);
  answer = false;
  expect(ports.verifyCredential(input)).toBe(true);
  expect(ports.verifyCredential({ ...input, publicKey: 'l' })).toBe(false);
  expect(ports.verifyCredential({ ...input, data: Uint8Array.of(1, 2), signature: new Uint8Array(0) })).toBe(false);
  expect(ports.verifyCredential({ ...input, signature: Uint8Array.of(3) })).toBe(false);
  expect(ports.verifyCredential({ ...input, algorithm: 'sha512' })).toBe(false);
  expect(ports.verifyEd25519('k', Uint8Array.of(1), '02')).toBe(false);
  answer = true;
  expect(ports.verifyEd25519('k', Uint8Array.of(1), '02')).toBe(true);
});

test('the oldest are forgotten when there are too many', () => {
  const { ports, asked } = counted();
  const world = signed();
  const remembering = rememberingPorts(
    { ...ports, verifyCredential: () => true, verifyEd25519: ports.verifyEd25519 },
    1,
  );
  replay(world, remembering);
  const before = asked();
  replay(world, remembering);
  expect(asked()).toBeGreaterThan(before);
});
