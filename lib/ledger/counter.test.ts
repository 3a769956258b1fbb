import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { softwarePasskey } from '@/lib/authentication/testing/software-credentials';
import { find } from './state';
import { ORIGIN } from './testing/chain';
import { createWorld, fate } from './testing/world';

/** A person with a passkey who may ask for transfers. */
const scene = () => {
  const world = createWorld();
  const walletId = world.wallet();
  const keys = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), id: Buffer.from(world.random(32)) };
  const key = (counter: number) => softwarePasskey({ rpId: 'wallets.test', origin: ORIGIN, keys, counter });
  const cat = world.register(key(0));
  world.grant(cat.userId, ['Wallets:Transfers:Create']);
  const ask = (counter: number) => fate(world.transfer(walletId, {}, { userId: cat.userId, credential: key(counter) }));
  return { world, ask, counted: () => find(world.state, 'counter', cat.credentialId)?.value };
};

test('a passkey whose counter does not rise signs no second request', () => {
  const { ask, counted } = scene();
  expect([7, 8, 8, 7, 0, 9].map(ask)).toEqual([
    'applied',
    'applied',
    'authentication.user_action_invalid',
    'authentication.user_action_invalid',
    'authentication.user_action_invalid',
    'applied',
  ]);
  expect(counted()).toBe(9);
});

test('a passkey without a counter says 0 every time', () => {
  const { ask, counted } = scene();
  expect([0, 0, 0].map(ask)).toEqual(['applied', 'applied', 'applied']);
  expect(counted()).toBeUndefined();
});

test('a refused request raises no counter', () => {
  const { world, ask, counted } = scene();
  world.done(world.admin, 'x.freeze', {}, {});
  expect(ask(5)).toBe('freeze.organisation');
  expect(counted()).toBeUndefined();
});

test('raising a counter uncovers no checkpoint', () => {
  const { world, ask } = scene();
  const before = world.replica.governedAt;
  ask(1);
  expect(world.replica.governedAt).toBe(before);
});
