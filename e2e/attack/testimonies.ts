import type { NodeSignature } from '@/lib/ledger/entry';
import { rootAt } from '@/lib/ledger/replay';
import { type ShownTestimony, type Testimony, testimonyHash } from '@/lib/ledger/testimony';
import { testNode } from '@/lib/ledger/testing/nodes';
import { ALWAYS, BLOCK } from '@/lib/ledger/testing/people';
import { activityIdOf } from '@/lib/ledger/testing/world';
import type { Attempt } from './attack';
import { attack, group, NOTHING } from './attack';
import { openScene } from './scene';
import { LOOT, type Opened, stranger } from './scenes';
import { ALL_NODES } from './stage';

const TWO_KEYS = 'the identity keys of two nodes';

type Payment = Opened<'payment'>;
/** Who signs the false word, and what of it is then altered. */
type Lie = (input: {
  readonly opened: Payment;
  readonly seq: number;
  readonly hash: Uint8Array;
}) => Promise<readonly NodeSignature[]> | readonly NodeSignature[];

/** A request signed by a stranger under the administrator's credential id, reserved: nothing about it is wrong but the signature. */
const forge = ({ world, request, enter, reserve }: Payment): { id: string; from: number } => {
  const from = world.items.length;
  const { credId } = world.admin.credential;
  const assertion = (challenge: string) => ({ ...stranger().assert(challenge), credId });
  const id = enter(request(world.admin, LOOT, { assertion }));
  reserve(id, { body: LOOT });
  return { id, from };
};

const stated = (opened: Payment, voids: readonly number[] = []): Testimony => {
  const { world, scene } = opened;
  const seq = world.items.length - 1;
  return { orgId: scene.orgId, seq, root: rootAt(world.replica, seq) ?? '', voids };
};
const shown = ({ orgId: _orgId, ...said }: Testimony, signatures: readonly NodeSignature[]): ShownTestimony => ({
  ...said,
  signatures,
  path: [],
});

/** Shows every node the forged request with the word of others that it held, and asks them to sign it. */
const believed =
  (lie: Lie) =>
  async (opened: Payment): Promise<Attempt> => {
    const { scene, world, demand } = opened;
    const { id, from } = forge(opened);
    const said = stated(opened);
    const signatures = await lie({ opened, seq: from - 1, hash: testimonyHash(said) });
    for (const node of ALL_NODES) await scene.show(node, from, world.items.slice(from), shown(said, signatures));
    return demand(id, await scene.witness(), { body: LOOT });
  };

const sign = ({ scene }: Payment, node: number, hash: Uint8Array): NodeSignature => ({
  node,
  signature: scene.stage.identityOf(node)(hash),
});

/** False words about what nodes have found, for those that have yet to replay it. */
export const TESTIMONIES = group('testimonies', [
  attack(
    'payment',
    'a testimony of k − 1 nodes that a forged request held',
    TWO_KEYS,
    believed(({ opened, hash }) => [1, 2].map((node) => sign(opened, node, hash))),
  ),
  attack(
    'payment',
    'a testimony of k − 1 nodes, one of them as two',
    TWO_KEYS,
    believed(({ opened, hash }) => [
      sign(opened, 1, hash),
      sign(opened, 2, hash),
      { ...sign(opened, 2, hash), node: 3 },
      sign(opened, 2, hash),
    ]),
  ),
  attack(
    'payment',
    'a testimony of nodes of the attacker’s own',
    NOTHING,
    believed(({ hash }) => [1, 2, 3].map((node) => ({ node, signature: testNode(node, 'mine').sign(hash) }))),
  ),
  attack(
    'payment',
    'a testimony of an earlier place under a later one',
    NOTHING,
    believed(async ({ opened, seq }) => (await opened.scene.testimonies(seq, [1, 2, 3])).map(({ by }) => by)),
  ),
  attack(
    'payment',
    'a testimony of another organisation',
    'an organisation of the attacker’s own',
    believed(async ({ opened }) => {
      const own = await openScene(opened.scene.stage);
      while (own.world.items.length < opened.world.items.length)
        own.world.done(
          own.world.admin,
          'permissions.createPermission',
          {},
          { name: `p${own.world.items.length}`, operations: ['Wallets:Read'] },
        );
      await own.feed();
      const given = await own.testimonies(opened.world.items.length - 1, [1, 2, 3]);
      opened.world.wait(own.world.now() - opened.world.now());
      return given.map(({ by }) => by);
    }),
  ),
  attack(
    'payment',
    'signatures of checkpoints as a testimony',
    NOTHING,
    believed(({ opened }) => opened.scene.witnesses(opened.scene.headNow(), [1, 2, 3])),
  ),
  attack('payment', 'a testimony that hides a void request from a node that lags behind', NOTHING, async (opened) => {
    const { scene, world, demand } = opened;
    const { id, from } = forge(opened);
    await scene.feed([1, 2, 3]);
    const given = await scene.testimonies(world.items.length - 1, [1, 2, 3]);
    const signatures = given.map(({ by }) => by);
    await scene.show(4, from, world.items.slice(from), shown(stated(opened), signatures));
    return demand(id, await scene.witness(), { body: LOOT });
  }),
  attack('payment', 'a testimony of the honest ledger beside another one', NOTHING, async (opened) => {
    const { scene, world, request, demand } = opened;
    const from = world.items.length;
    const honest = request(world.admin);
    const { credId } = world.admin.credential;
    const assertion = (challenge: string) => ({ ...stranger().assert(challenge), credId });
    const forged = request(world.admin, LOOT, { assertion });
    const branch = scene.branch(from, [forged]);
    world.place(honest);
    await scene.feed([1, 2]);
    const given = await scene.testimonies(from, [1, 2]);
    const signatures = [...given.map(({ by }) => by), sign(opened, 3, testimonyHash(stated(opened)))];
    for (const node of [3, 4]) await scene.show(node, from, branch, shown(stated(opened), signatures));
    return demand(String(forged.leaf.effects.activityId), await scene.witness(), { body: LOOT });
  }),
  attack('payment', 'a block called void by k − 1 nodes', TWO_KEYS, async (opened) => {
    const { scene, world, walletId, take } = opened;
    const from = world.items.length;
    world.policy(ALWAYS, BLOCK);
    const voids = Array.from({ length: world.items.length - from }, (_, i) => from + i);
    const said = stated(opened, voids);
    const hash = testimonyHash(said);
    const signatures = [1, 2].map((node) => sign(opened, node, hash));
    for (const node of ALL_NODES) await scene.show(node, from, world.items.slice(from), shown(said, signatures));
    return take(activityIdOf(world.transfer(walletId, LOOT)), { body: LOOT });
  }),
]);
