import { loginChallenge } from '@/lib/authentication/statement';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { openScene } from './scene';
import { HONEST, LOOT, stranger } from './scenes';
import { walletOf } from './wallet';

export const ASSERTIONS = group('assertions', [
  attack('payment', 'a request signed by a stranger', NOTHING, ({ world, request, enter, take }) =>
    take(enter(request({ userId: world.admin.userId, credential: stranger() }, LOOT)), { body: LOOT }),
  ),
  attack(
    'payment',
    'a stranger’s signature under the administrator’s credential id',
    NOTHING,
    ({ world, request, enter, take }) => {
      const thief = stranger();
      const { credId } = world.admin.credential;
      const assertion = (challenge: string) => ({ ...thief.assert(challenge), credId });
      return take(enter(request(world.admin, LOOT, { assertion })), { body: LOOT });
    },
  ),
  attack('payment', 'an assertion over another statement', NOTHING, ({ world, request, enter, take }) => {
    const assertion = () => world.admin.credential.assert('another challenge');
    return take(enter(request(world.admin, LOOT, { assertion })), { body: LOOT });
  }),
  attack(
    'payment',
    'an assertion transplanted from another request',
    'a signed request of the administrator',
    ({ world, walletId, request, enter, take }) => {
      const rename = world.request(world.admin, 'wallets.updateWallet', { walletId }, { name: 'cold' });
      world.place(rename);
      const placed = request(world.admin, LOOT);
      const { assertion } = rename.leaf;
      return take(enter({ ...placed, leaf: { ...placed.leaf, assertion } as typeof placed.leaf }), { body: LOOT });
    },
  ),
  attack(
    'payment',
    'a signed request entered twice',
    'a signed request of the administrator',
    async ({ world, request, enter, pay, take }) => {
      const placed = request(world.admin);
      await pay(enter(placed));
      const again = { ...placed.leaf.effects, activityId: world.id('transfer'), approvalId: world.id('approval') };
      return take(enter({ ...placed, leaf: { ...placed.leaf, effects: again } }), {
        body: HONEST,
        choice: { nonce: 1 },
      });
    },
  ),
  attack(
    'payment',
    'a signed request entered again under another nonce of the server',
    'a signed request of the administrator',
    async ({ world, request, enter, pay, take }) => {
      const placed = request(world.admin);
      await pay(enter(placed));
      const { leaf } = request(world.admin);
      const twin = { ...placed, leaf: { ...leaf, assertion: placed.leaf.assertion } as typeof leaf };
      return take(enter(twin), { body: HONEST, choice: { nonce: 1 } });
    },
  ),
  attack('payment', 'a request without an assertion', NOTHING, ({ world, request, enter, take }) => {
    const placed = request(world.admin, LOOT);
    const { assertion: _assertion, ...leaf } = placed.leaf;
    return take(enter({ ...placed, leaf }), { body: LOOT });
  }),
  attack(
    'payment',
    'another body beside the signed statement',
    'a signed request of the administrator',
    ({ world, request, enter, take }) =>
      take(enter(request(world.admin, HONEST, { swappedBody: LOOT })), { body: LOOT }),
  ),
  attack(
    'payment',
    'the path of another wallet',
    'a signed request of the administrator',
    async ({ scene, world, walletId, request, enter }) => {
      const other = walletOf(scene, await scene.wallet());
      const placed = request(world.admin);
      const statement = placed.leaf.statement && {
        ...placed.leaf.statement,
        path: placed.leaf.statement.path.replace(walletId, other.walletId),
      };
      return other.take(enter({ ...placed, leaf: { ...placed.leaf, statement } as typeof placed.leaf }), {
        body: HONEST,
      });
    },
  ),
  attack(
    'payment',
    'the path of a dearer operation',
    'a signed request of the administrator',
    ({ world, request, enter, take }) => {
      const placed = request(world.admin);
      const statement = placed.leaf.statement && {
        ...placed.leaf.statement,
        path: placed.leaf.statement.path.replace('/transfers', '/transactions'),
      };
      return take(enter({ ...placed, leaf: { ...placed.leaf, statement } as typeof placed.leaf }), { body: HONEST });
    },
  ),
  attack(
    'payment',
    'a request for another organisation with the same administrator',
    'a signed request of the administrator',
    async ({ scene, world, request }) => {
      const other = await openScene(scene.stage, { adminKey: world.admin.credential });
      const theirs = walletOf(other, await other.wallet());
      return theirs.take(theirs.enter(request(world.admin)), { body: HONEST });
    },
  ),
  attack('payment', 'the genesis of another organisation', NOTHING, ({ world, request, enter, take }) =>
    take(enter(request(world.admin, LOOT, { statement: { genesis: '00'.repeat(32) } })), { body: LOOT }),
  ),
  attack(
    'payment',
    'a statement past its time',
    'an old signed request of the administrator',
    ({ world, request, enter, take }) => {
      const placed = request(world.admin);
      world.wait(301_000);
      return take(enter({ ...placed, leaf: { ...placed.leaf, at: world.now() } }), { body: HONEST });
    },
  ),
  attack(
    'payment',
    'a statement past its time, entered with its old time',
    'an old signed request of the administrator',
    async ({ scene, world, request, enter, take }) => {
      const placed = request(world.admin);
      world.wait(3_600_000);
      await scene.witness();
      return take(enter(placed), { body: HONEST });
    },
  ),
  attack(
    'payment',
    'a statement that lives too long',
    'a request signed for later',
    ({ world, request, enter, take }) =>
      take(enter(request(world.admin, HONEST, { statement: { expiresAt: world.now() + 86_400_000 } })), {
        body: HONEST,
      }),
  ),
  attack(
    'payment',
    'an assertion made for a sign-in',
    'a sign-in of the administrator',
    ({ world, request, enter, take }) => {
      const nonce = Buffer.alloc(32, 7).toString('base64url');
      const assertion = () => world.admin.credential.assert(loginChallenge(nonce));
      return take(enter(request(world.admin, LOOT, { assertion })), { body: LOOT });
    },
  ),
  attack(
    'payment',
    'a request of somebody without the permission',
    'the key of a member',
    ({ world, request, enter, take }) => take(enter(request(world.register(), LOOT)), { body: LOOT }),
  ),
  attack('payment', 'an activity that is in no ledger', NOTHING, ({ world, take }) =>
    take(world.id('transfer'), { body: LOOT }),
  ),
  attack(
    'payment',
    'an activity of another organisation',
    'an organisation of the attacker’s own',
    async ({ scene, id, demand }) => {
      const other = await openScene(scene.stage);
      const theirs = walletOf(other, await other.wallet());
      const own = activityIdOf(other.world.transfer(theirs.walletId, LOOT));
      theirs.reserve(own);
      await other.witness();
      scene.world.wait(600_000);
      const head = await scene.witness();
      await demand(id, head);
      return demand(own, head, { body: LOOT });
    },
  ),
]);
