import { ALWAYS, BLOCK } from '@/lib/ledger/testing/people';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group } from './attack';
import { LOOT } from './scenes';

/** Old copies: of the server's database, and of what nodes keep. */
export const RESTORES = group('restores', [
  attack(
    'payment',
    'an old database that goes on with another history',
    'an old copy of the database',
    async ({ scene, world, request, take, id }) => {
      const length = world.items.length;
      world.policy(ALWAYS, BLOCK);
      await scene.witness();
      // The copy was made before the block; what it would chain now is shown to the nodes.
      const other = request(world.admin, LOOT);
      for (const node of [1, 2, 3]) await scene.show(node, length, scene.branch(length, [other]));
      return take(id);
    },
  ),
  attack(
    'payment',
    'an old database whose head the bundle names',
    'an old copy of the database',
    async ({ scene, world, reserve, demand, id }) => {
      reserve(id);
      const head = await scene.witness();
      world.policy(ALWAYS, BLOCK);
      await scene.witness();
      world.wait(20_000);
      return demand(id, head);
    },
  ),
  attack(
    'payment',
    'an old signer store among the participants',
    'an old copy of a node’s directory',
    async ({ scene, world, walletId, pay, take, id }) => {
      const { stage } = scene;
      await stage.keep(2);
      try {
        await pay(id);
        // It has forgotten what it signed, and counts its ceremonies from the old number again.
        await stage.restore(2);
        scene.forget(2);
        const second = activityIdOf(world.transfer(walletId, LOOT));
        return await take(second, { choice: { nonce: 1 } }, { participants: [1, 2, 3] });
      } finally {
        await stage.undo(2);
      }
    },
  ),
  attack(
    'payment',
    'an old signer store, asked for the second nonce of one approval',
    'an old copy of a node’s directory',
    async ({ scene, pay, take, id }) => {
      const { stage } = scene;
      await stage.keep(3);
      try {
        await pay(id);
        await stage.restore(3);
        scene.forget(3);
        return await take(id, { choice: { nonce: 1 } });
      } finally {
        await stage.undo(3);
      }
    },
  ),
  attack(
    'payment',
    'an old signer store that its peers remember',
    'an old copy of a node’s directory',
    async ({ scene, world, walletId, pay, take, id }) => {
      const { stage } = scene;
      await stage.keep(1);
      try {
        await pay(id);
        await stage.restore(1);
        scene.forget(1);
        await stage.tellPeers(1);
        const second = activityIdOf(world.transfer(walletId, LOOT));
        return await take(second, { choice: { nonce: 1 } }, { participants: [1, 2, 3] });
      } finally {
        await stage.undo(1);
      }
    },
  ),
]);
