import { checkpointHash } from '@/lib/evidence/checkpoint';
import { testNode } from '@/lib/ledger/testing/nodes';
import { ALWAYS, asks, BLOCK } from '@/lib/ledger/testing/people';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { openScene } from './scene';
import { LOOT } from './scenes';
import { walletOf } from './wallet';

/** Lies about the chain itself: what stands in it, in which order, and who has seen it. */
export const LEDGER = group('ledger', [
  attack(
    'payment',
    'a forked ledger: a second entry for one place',
    NOTHING,
    async ({ scene, world, request, take, id }) => {
      const length = world.items.length - 1;
      const other = request(world.admin, LOOT);
      for (const node of [1, 2, 3]) await scene.show(node, length, scene.branch(length, [other]));
      return take(id);
    },
  ),
  attack(
    'payment',
    'a split ledger: each half of the nodes sees another request',
    NOTHING,
    async ({ scene, world, request, reserve, id, demand }) => {
      const length = world.items.length;
      const other = request(world.admin, LOOT);
      for (const node of [3, 4]) await scene.show(node, length, scene.branch(length, [other]));
      reserve(id);
      await scene.feed([1, 2]);
      const head = scene.headNow();
      const nodeSignatures = await scene.witnesses(head);
      world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
      await scene.feed([1, 2]);
      return demand(id, head);
    },
  ),
  attack('payment', 'a reordered ledger', NOTHING, async ({ scene, world, reserve, id, demand, take }) => {
    const length = world.items.length;
    reserve(id);
    world.policy(ALWAYS, BLOCK);
    const [first, second] = world.items.slice(length);
    for (const node of [1, 2, 3]) if (first && second) await scene.show(node, length, [second, first]);
    await demand(id, scene.headNow());
    return take(id);
  }),
  attack('approvals', 'a ledger with an entry left out', NOTHING, async ({ scene, world, walletId, take }) => {
    const length = world.items.length;
    world.policy(ALWAYS, BLOCK);
    const id = activityIdOf(world.transfer(walletId));
    const after = world.items.slice(length + 1);
    for (const node of [1, 2, 3]) await scene.show(node, length + 1, after);
    for (const node of [1, 2, 3]) await scene.show(node, length, after);
    return take(id);
  }),
  attack(
    'payment',
    'a block withheld from nodes after k have witnessed it',
    NOTHING,
    async ({ scene, world, reserve, id, demand }) => {
      reserve(id);
      const head = await scene.witness();
      world.policy(ALWAYS, BLOCK);
      await scene.feed([1, 2, 3]);
      await scene.witnesses(scene.headNow(), [1, 2, 3]);
      return demand(id, head);
    },
  ),
  attack(
    'reserved',
    'a truncated ledger: an older head in the bundle',
    NOTHING,
    async ({ scene, world, id, head, demand }) => {
      world.policy(ALWAYS, BLOCK);
      await scene.feed();
      return demand(id, head);
    },
  ),
  attack(
    'approvals',
    'a head that covers the reservation and not the votes',
    NOTHING,
    async ({ scene, world, ann, ben, approvalId, reserve, demand, id }) => {
      const head = await scene.witness();
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      reserve(id);
      await scene.feed();
      return demand(id, head);
    },
  ),
  attack('payment', 'a head no checkpoint entry covers', NOTHING, async ({ scene, reserve, id, demand }) => {
    reserve(id);
    await scene.feed();
    const head = scene.headNow();
    await scene.witnesses(head);
    return demand(id, head);
  }),
  attack('payment', 'a head that is in nobody’s ledger', NOTHING, async ({ scene, reserve, id, demand }) => {
    reserve(id);
    const head = await scene.witness();
    return demand(id, { ...head, root: 'ab'.repeat(32) });
  }),
  attack(
    'payment',
    'a checkpoint that k nodes signed long ago',
    NOTHING,
    async ({ scene, world, reserve, id, demand }) => {
      reserve(id);
      const head = await scene.witness();
      world.wait(30_001);
      return demand(id, head);
    },
  ),
  attack('payment', 'a checkpoint with fewer than k witnesses', NOTHING, async ({ scene, reserve, id, demand }) => {
    reserve(id);
    return demand(id, await scene.witness([1, 2]));
  }),
  attack(
    'payment',
    'a checkpoint with one witness three times',
    NOTHING,
    async ({ scene, world, reserve, id, demand }) => {
      reserve(id);
      await scene.feed();
      const head = scene.headNow();
      const [mine] = await scene.witnesses(head, [1]);
      world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures: mine ? [mine, mine, mine] : [] });
      await scene.feed();
      return demand(id, head);
    },
  ),
  attack(
    'payment',
    'a checkpoint witnessed by nodes of the attacker’s own',
    NOTHING,
    async ({ scene, world, reserve, id, demand }) => {
      reserve(id);
      await scene.feed();
      const head = scene.headNow();
      const hash = checkpointHash({ orgId: scene.orgId, ...head });
      const nodeSignatures = [1, 2, 3].map((node) => ({ node, signature: testNode(node, 'mine').sign(hash) }));
      world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
      await scene.feed();
      return demand(id, head);
    },
  ),
  attack(
    'payment',
    'signatures of one checkpoint under another',
    NOTHING,
    async ({ scene, world, reserve, id, demand }) => {
      await scene.feed();
      const nodeSignatures = await scene.witnesses(scene.headNow());
      reserve(id);
      await scene.feed();
      const head = scene.headNow();
      world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
      await scene.feed();
      return demand(id, head);
    },
  ),
  attack('payment', 'a back-dated checkpoint', NOTHING, async ({ scene, world, reserve, id, demand }) => {
    await scene.witness();
    reserve(id);
    await scene.feed();
    const head = scene.headNow(world.now() - 1_000);
    const nodeSignatures = await scene.witnesses(head);
    world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
    await scene.feed();
    return demand(id, head);
  }),
  attack(
    'payment',
    'a checkpoint two minutes from the nodes’ clocks',
    'the server’s clock',
    async ({ scene, world, reserve, id, demand }) => {
      reserve(id);
      await scene.feed();
      const head = scene.headNow(world.now() + 120_001);
      const nodeSignatures = await scene.witnesses(head);
      world.append('checkpoint', { ...head }, { at: head.at, nodeSignatures });
      await scene.feed();
      return demand(id, head);
    },
  ),
  attack('payment', 'a genesis with a lower k', NOTHING, async ({ scene, world }) => {
    const own = await openScene(scene.stage, { k: 2 });
    const { walletId = '' } = own.world.done(
      own.world.admin,
      'wallets.createWallet',
      {},
      { network: 'EthereumSepolia' },
    );
    await own.feed();
    own.world.wait(world.now() - own.world.now());
    const theirs = walletOf(own, walletId);
    return theirs.take(own.world.id('transfer'), { body: LOOT }, { participants: [1, 2] });
  }),
  attack('payment', 'a genesis for an organisation that has one', NOTHING, async ({ scene, world, take, id }) => {
    const foreign = await openScene(scene.stage);
    const genesis = foreign.world.items[0];
    if (genesis) for (const node of [1, 2, 3]) await scene.show(node, 0, [genesis]);
    world.wait(600_000);
    return take(id);
  }),
  attack(
    'approvals',
    'an approver group of the attacker’s own organisation',
    'an organisation of the attacker’s own',
    async ({ scene, ann, ben, approvalId, take, id, world }) => {
      const own = await openScene(scene.stage);
      const voter = own.world.approver();
      own.world.policy(ALWAYS, asks([voter.userId]));
      world.wait(600_000);
      for (const who of [ann, ben]) world.vote({ ...who, credential: voter.credential }, approvalId);
      return take(id);
    },
  ),
]);
