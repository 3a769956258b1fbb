import type { Json } from '@/lib/domain/canonical-json';
import type { World } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';

const loot = { body: LOOT };
const make = (world: World, signer: World['admin'], swappedBody?: Json) => {
  const body = { name: 'token', publicKey: stranger().publicKey };
  return world.request(signer, 'auth.createPersonalAccessToken', {}, body, swappedBody ? { swappedBody } : {});
};

/** Long-lived tokens of people: they act inside their owner, and end when they or the owner do. */
export const TOKENS = group('tokens', [
  attack('token', 'a token beyond what it was given', 'the reading token', ({ reading, request, enter, take }) =>
    take(enter(request(reading, LOOT)), loot),
  ),
  attack(
    'token',
    'a token beyond its owner',
    'the token of somebody who may not pay, which may',
    ({ world, request, enter, take }) => {
      const dan = world.register();
      world.grant(dan.userId, ['Auth:Pats:Create', 'Wallets:Read']);
      const token = world.token(dan, ['Wallets:Transfers:Create']);
      return take(enter(request(token, LOOT)), loot);
    },
  ),
  attack(
    'token',
    'the request of a token whose owner lost the right since',
    'a signed request of the token',
    ({ world, owner, reserve, take, id }) => {
      reserve(id);
      world.done(world.admin, 'permissions.deleteAssignment', owner);
      return take(id);
    },
  ),
  attack('token', 'a deactivated token asks', 'the token', ({ world, cat, token, request, enter, take }) => {
    world.done(cat, 'auth.deactivatePersonalAccessToken', { tokenId: token.tokenId }, {});
    return take(enter(request(token, LOOT)), loot);
  }),
  attack('token', 'an archived token asks', 'the token', ({ world, cat, token, request, enter, take }) => {
    world.done(cat, 'auth.archivePersonalAccessToken', { tokenId: token.tokenId });
    return take(enter(request(token, LOOT)), loot);
  }),
  attack(
    'token',
    'the request of a token revoked since',
    'a signed request of the token',
    ({ world, cat, token, reserve, take, id }) => {
      reserve(id);
      world.done(cat, 'auth.deactivatePersonalAccessToken', { tokenId: token.tokenId }, {});
      return take(id);
    },
  ),
  attack(
    'token',
    'a deactivated token that activates itself',
    'the token',
    ({ world, cat, token, request, enter, take }) => {
      const params = { tokenId: token.tokenId };
      world.done(cat, 'auth.deactivatePersonalAccessToken', params, {});
      world.act(token, 'auth.activatePersonalAccessToken', params, {});
      return take(enter(request(token, LOOT)), loot);
    },
  ),
  attack(
    'token',
    'a deactivated token that another one activates',
    'both tokens',
    ({ world, cat, token, reading, request, enter, take }) => {
      const params = { tokenId: token.tokenId };
      world.done(cat, 'auth.deactivatePersonalAccessToken', params, {});
      world.act(reading, 'auth.activatePersonalAccessToken', params, {});
      return take(enter(request(token, LOOT)), loot);
    },
  ),
  attack('token', 'an expired token asks', 'the token', ({ world, brief, request, enter, take }) => {
    world.wait(11 * 60_000);
    return take(enter(request(brief, LOOT)), loot);
  }),
  attack(
    'token',
    'an expired token asks, back-dated',
    'the token',
    async ({ scene, world, brief, request, enter, take }) => {
      const at = world.now();
      world.wait(11 * 60_000);
      await scene.witness();
      return take(enter(request(brief, LOOT, { at, statement: { expiresAt: at + 300_000 } })), loot);
    },
  ),
  attack(
    'token',
    'a longer life for a token than was signed for',
    'a token for ten minutes being made',
    ({ world, cat, request, enter, take }) => {
      const key = stranger();
      const body = { name: 'token', publicKey: key.publicKey, secondsValid: 600 };
      const effects = { expiresAt: world.now() + 86_400_000 };
      const made = world.request(cat, 'auth.createPersonalAccessToken', {}, body, { effects });
      world.place(made);
      const { tokenId = '', credId = '' } = made.leaf.effects as { [name: string]: string };
      world.act(
        world.admin,
        'permissions.createAssignment',
        { permissionId: world.genesis.fullAdmin.permissionId },
        {
          identityId: tokenId,
        },
      );
      world.wait(11 * 60_000);
      const assertion = (challenge: string) => ({ ...key.assert(challenge), credId });
      return take(enter(request({ ...cat, tokenId, credential: key }, LOOT, { assertion })), loot);
    },
  ),
  attack(
    'token',
    'the key of a token without naming the token',
    'the reading token',
    ({ cat, reading, request, enter, take }) =>
      take(enter(request({ userId: cat.userId, credential: reading.credential }, LOOT)), loot),
  ),
  attack(
    'token',
    'the key of one token in the name of another',
    'the reading token',
    ({ token, reading, request, enter, take }) =>
      take(enter(request({ ...token, credential: reading.credential }, LOOT)), loot),
  ),
  attack(
    'token',
    'the key of a token in the name of somebody else',
    'the reading token',
    ({ world, reading, request, enter, take }) =>
      take(enter(request({ ...reading, userId: world.admin.userId }, LOOT)), loot),
  ),
  attack('token', 'a token whose key the attacker put in', 'a token being made', ({ world, request, enter, take }) => {
    const thief = stranger();
    const made = make(world, world.admin, { name: 'token', publicKey: thief.publicKey });
    world.place(made);
    const { tokenId, credId = '' } = made.leaf.effects as { [name: string]: string };
    const assertion = (challenge: string) => ({ ...thief.assert(challenge), credId });
    return take(enter(request({ userId: world.admin.userId, tokenId, credential: thief }, LOOT, { assertion })), loot);
  }),
  attack(
    'token',
    'a token that the token makes',
    'the token, which may create tokens',
    ({ world, token, request, enter, take }) => {
      world.grant(token.tokenId, ['Auth:Pats:Create']);
      const made = make(world, token);
      world.place(made);
      const { tokenId = '' } = made.leaf.effects as { [name: string]: string };
      return take(enter(request({ ...token, tokenId }, LOOT)), loot);
    },
  ),
  attack(
    'token',
    'a right given to a token without a signature',
    'the reading token',
    ({ world, reading, request, enter, take }) => {
      const thief = { userId: world.admin.userId, credential: stranger() };
      const { permissionId } = world.genesis.fullAdmin;
      world.act(thief, 'permissions.createAssignment', { permissionId }, { identityId: reading.tokenId });
      return take(enter(request(reading, LOOT)), loot);
    },
  ),
  attack('token', 'a right a token gives itself', 'the reading token', ({ world, reading, request, enter, take }) => {
    const { permissionId } = world.genesis.fullAdmin;
    world.act(reading, 'permissions.createAssignment', { permissionId }, { identityId: reading.tokenId });
    return take(enter(request(reading, LOOT)), loot);
  }),
  attack('payment', 'a token made without its owner', NOTHING, ({ world, request, enter, take }) => {
    const thief = stranger();
    const made = make(world, { userId: world.admin.userId, credential: thief });
    world.place(made);
    const { tokenId } = made.leaf.effects as { [name: string]: string };
    return take(enter(request({ userId: world.admin.userId, tokenId, credential: thief }, LOOT)), loot);
  }),
  attack(
    'payment',
    'a service account deactivated since',
    'a signed request of the service account',
    ({ world, request, enter, take }) => {
      const bot = world.serviceAccount(['Wallets:Transfers:Create']);
      const id = enter(request(bot, LOOT));
      world.done(world.admin, 'auth.deactivateServiceAccount', { serviceAccountId: bot.userId }, {});
      return take(id, loot);
    },
  ),
]);
