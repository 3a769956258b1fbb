import { abandonHash } from '@/lib/evidence/checkpoint';
import { testNode } from '@/lib/ledger/testing/nodes';
import { ALWAYS, asks } from '@/lib/ledger/testing/people';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import type { Scene } from './scene';
import { LOOT } from './scenes';
import { walletOf } from './wallet';

/** Promises never to release, as far as the nodes give them. */
const promises = async ({ stage, orgId }: Scene, activityId: string, by: readonly number[]) => {
  const nodeSignatures = [];
  for (const node of by) {
    const outcome = await stage.relay.ask(node, 'abandon.sign', { orgId, activityId });
    if (outcome.ok) nodeSignatures.push({ node, signature: outcome.value.signature });
    else stage.said.push({ node, where: 'abandon', code: outcome.refusal.code });
  }
  return { nodeSignatures };
};

/** Entries no user signed: they may tighten, and never free a window, fill a quorum or activate anything. */
export const ENTRIES = group('unsigned entries', [
  attack('limit', 'an expiry that frees a window', NOTHING, async ({ world, ask, pay, take }) => {
    const first = ask();
    await pay(first);
    world.append('expiry', { activityId: first });
    return take(ask(), { choice: { nonce: 1 } });
  }),
  attack('limit', 'a failure stated to free a window', NOTHING, async ({ world, scene, ask, pay, take }) => {
    const first = ask();
    await pay(first);
    world.append('broadcast', { activityId: first, status: 'Failed' });
    await scene.feed();
    return take(ask(), { choice: { nonce: 1 } });
  }),
  attack('limit', 'an abandon without signatures', NOTHING, ({ world, ask, reserve, take }) => {
    const first = ask();
    reserve(first);
    world.append('abandon', { activityId: first });
    return take(ask(), { choice: { nonce: 1 } });
  }),
  attack('limit', 'an abandon with fewer than k promises', NOTHING, async ({ scene, world, ask, reserve, take }) => {
    const first = ask();
    reserve(first);
    await scene.witness();
    world.append('abandon', { activityId: first }, await promises(scene, first, [1, 2]));
    return take(ask(), { choice: { nonce: 1 } });
  }),
  attack('limit', 'an abandon with one promise three times', NOTHING, async ({ scene, world, ask, reserve, take }) => {
    const first = ask();
    reserve(first);
    await scene.witness();
    const { nodeSignatures } = await promises(scene, first, [1]);
    world.append('abandon', { activityId: first }, { nodeSignatures: [1, 1, 1].flatMap(() => nodeSignatures) });
    return take(ask(), { choice: { nonce: 1 } });
  }),
  attack(
    'limit',
    'an abandon signed by nodes of the attacker’s own',
    NOTHING,
    ({ scene, world, ask, reserve, take }) => {
      const first = ask();
      reserve(first);
      const hash = abandonHash(scene.orgId, first);
      const nodeSignatures = [1, 2, 3].map((node) => ({ node, signature: testNode(node, 'mine').sign(hash) }));
      world.append('abandon', { activityId: first }, { nodeSignatures });
      return take(ask(), { choice: { nonce: 1 } });
    },
  ),
  attack(
    'limit',
    'an abandon of what was signed',
    'a signature whose release is withheld',
    async ({ scene, world, ask, pay, take }) => {
      const first = ask();
      await pay(first);
      world.append('abandon', { activityId: first }, await promises(scene, first, [1, 2, 3, 4]));
      return take(ask(), { choice: { nonce: 1 } });
    },
  ),
  attack('payment', 'a signature after the promise to abandon', NOTHING, async ({ scene, reserve, demand, id }) => {
    reserve(id);
    await scene.witness();
    await promises(scene, id, [1, 2]);
    return demand(id, await scene.witness());
  }),
  attack('payment', 'an abandoned request', NOTHING, async ({ scene, world, reserve, demand, id }) => {
    reserve(id);
    await scene.witness();
    world.append('abandon', { activityId: id }, await promises(scene, id, [1, 2, 3]));
    return demand(id, await scene.witness());
  }),
  attack('payment', 'a release that was never signed', NOTHING, ({ world, id, reserve, take }) => {
    reserve(id);
    const { digest: reserved = '' } = world.activity(id).reservation ?? {};
    const signature = { r: `0x${'11'.repeat(32)}`, s: `0x${'22'.repeat(32)}`, recid: 0 };
    world.append('release', { activityId: id, digest: reserved, signature });
    return take(id, { choice: { nonce: 1 } });
  }),
  attack(
    'payment',
    'a key certificate of the attacker’s own',
    'a key of the attacker’s own',
    async ({ scene, world, take }) => {
      const made = world.done(world.admin, 'wallets.createWallet', {}, { network: 'EthereumSepolia' });
      const { walletId = '', keyId = '' } = made;
      await scene.feed();
      world.append('keyCertificate', { keyId, certificate: scene.ownCertificate(keyId) });
      const theirs = walletOf(scene, walletId);
      const placed = world.request(world.admin, 'wallets.transferAsset', { walletId }, LOOT);
      return take(theirs.enter(placed), { body: LOOT });
    },
  ),
  attack('approvals', 'a reopen that drops the groups', NOTHING, ({ world, take, id }) => {
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    return take(id);
  }),
  attack('payment', 'a reopened request, reserved all the same', NOTHING, ({ world, take, id }) => {
    world.policy(ALWAYS, asks([world.approver().userId]));
    world.append('reopen', { activityId: id }, { effects: { approvalId: world.id('approval') } });
    return take(id);
  }),
  attack(
    'payment',
    'a reservation of a nonce that another request holds',
    NOTHING,
    async ({ world, walletId, reserve, take, id }) => {
      reserve(id);
      const second = activityIdOf(world.transfer(walletId, { amount: '7' }));
      return take(second);
    },
  ),
  attack('payment', 'a request the server gave up', NOTHING, async ({ scene, world, reserve, demand, id }) => {
    reserve(id);
    world.append('broadcast', { activityId: id, status: 'Failed', reason: 'gave up' });
    return demand(id, await scene.witness());
  }),
]);
