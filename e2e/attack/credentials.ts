import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import type { SoftwareCredential } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import type { World } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';

/** What the server writes when somebody registers a key. */
const register = (world: World, userId: string, key: SoftwareCredential, id = world.id('credential')) => {
  const effects = { userId, challenge: 'c', credentials: [{ id, name: 'mine' }] };
  return world.append('registration', { firstFactorCredential: key.attest('c') as unknown as Json }, { effects });
};
const attested = (key: SoftwareCredential) =>
  ({
    ...(key.attest('c') as unknown as { [name: string]: Json }),
    credentialName: 'second',
    challengeIdentifier: 'c',
  }) as { [name: string]: Json };
const CHALLENGE = { effects: { challenge: 'c' } };

export const CREDENTIALS = group('credentials', [
  attack(
    'vouched',
    'a self-registered credential of an invited person votes',
    'Dan’s invitation',
    ({ world, dan, approvalId, take, id }) => {
      world.vote(dan, approvalId);
      return take(id);
    },
  ),
  attack(
    'vouched',
    'a self-registered credential of an invited person asks',
    'Dan’s invitation',
    ({ dan, request, enter, take }) => take(enter(request(dan, LOOT)), { body: LOOT }),
  ),
  attack('vouched', 'the invited person vouches', 'Dan’s invitation', ({ world, vouch, dan, approvalId, take, id }) => {
    vouch(dan);
    world.vote(dan, approvalId);
    return take(id);
  }),
  attack(
    'vouched',
    'a vouching over another key’s fingerprint',
    'a vouching of the administrator',
    ({ world, vouch, dan, approvalId, take, id }) => {
      vouch(world.admin, {}, keyFingerprint(stranger().publicKey));
      world.vote(dan, approvalId);
      return take(id);
    },
  ),
  attack('vouched', 'a vouching without the administrator', NOTHING, ({ world, vouch, dan, approvalId, take, id }) => {
    vouch({ userId: world.admin.userId, credential: stranger() });
    world.vote(dan, approvalId);
    return take(id);
  }),
  attack(
    'approvals',
    'a second registration of a registered person',
    NOTHING,
    ({ world, ann, ben, approvalId, take, id }) => {
      const thief = stranger();
      register(world, ann.userId, thief);
      world.vote({ userId: ann.userId, credential: thief }, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack('approvals', 'a credential added without its owner', NOTHING, ({ world, ann, ben, approvalId, take, id }) => {
    const thief = stranger();
    world.act({ userId: ann.userId, credential: thief }, 'auth.createCredential', {}, attested(thief), CHALLENGE);
    world.vote({ userId: ann.userId, credential: thief }, approvalId);
    world.vote(ben, approvalId);
    return take(id);
  }),
  attack(
    'approvals',
    'another key in the body of an added credential',
    'Ann adding a key',
    ({ world, ann, ben, approvalId, take, id }) => {
      const thief = stranger();
      const forgery = { ...CHALLENGE, swappedBody: attested(thief) };
      world.act(ann, 'auth.createCredential', {}, attested(stranger()), forgery);
      world.vote({ userId: ann.userId, credential: thief }, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack(
    'approvals',
    'a credential transplanted to another person',
    'the key of a member',
    ({ world, ann, ben, approvalId, take, id }) => {
      const member = world.register(stranger());
      world.vote({ userId: ann.userId, credential: member.credential }, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
  attack('approvals', 'one key registered for two people', 'Ben’s key', ({ world, ben, approvalId, take, id }) => {
    const { userId = '' } = world.done(
      world.admin,
      'auth.createUser',
      {},
      { email: 'x@wallets.test', kind: 'CustomerEmployee' },
    );
    register(world, userId, ben.credential);
    world.vote(ben, approvalId);
    world.vote({ userId, credential: ben.credential }, approvalId);
    return take(id);
  }),
  attack('payment', 'a person who was never invited', NOTHING, ({ world, request, enter, take }) => {
    const thief = { userId: world.id('user'), credential: stranger() };
    register(world, thief.userId, thief.credential);
    return take(enter(request(thief, LOOT)), { body: LOOT });
  }),
  attack('payment', 'an invitation the administrator did not sign', NOTHING, ({ world, request, enter, take }) => {
    const thief = stranger();
    const invitation = world.request(
      { userId: world.admin.userId, credential: thief },
      'auth.createUser',
      {},
      { email: 'm@wallets.test', kind: 'CustomerEmployee' },
    );
    world.place(invitation);
    const userId = String(invitation.leaf.effects.userId);
    register(world, userId, thief);
    return take(enter(request({ userId, credential: thief }, LOOT)), { body: LOOT });
  }),
  attack(
    'payment',
    'a member who gives herself every permission',
    'the key of a member',
    ({ world, request, enter, take }) => {
      const member = world.register(stranger());
      const { permissionId } = world.genesis.fullAdmin;
      world.act(member, 'permissions.createAssignment', { permissionId }, { identityId: member.userId });
      return take(enter(request(member, LOOT)), { body: LOOT });
    },
  ),
  attack(
    'payment',
    'a second genesis with the attacker as administrator',
    NOTHING,
    ({ world, request, enter, take }) => {
      const thief = stranger();
      const credentials = [
        { id: world.id('credential'), kind: 'Key', credId: thief.credId, publicKey: thief.publicKey },
      ];
      const genesis = { ...world.genesis, firstAdmin: { userId: world.admin.userId, credentials } };
      world.append('genesis', genesis as unknown as Json);
      return take(enter(request({ userId: world.admin.userId, credential: thief }, LOOT)), { body: LOOT });
    },
  ),
  attack(
    'payment',
    'a service account whose key the attacker put in',
    'a service account being made',
    ({ world, request, enter, take }) => {
      const thief = stranger();
      const body = { name: 'bot', publicKey: stranger().publicKey };
      const made = world.request(world.admin, 'auth.createServiceAccount', {}, body, {
        swappedBody: { ...body, publicKey: thief.publicKey },
      });
      world.place(made);
      const { userId, tokenId, credId } = made.leaf.effects as { [name: string]: string };
      const assertion = (challenge: string) => ({ ...thief.assert(challenge), credId: credId ?? '' });
      const bot = { userId: userId ?? '', tokenId, credential: thief };
      return take(enter(request(bot, LOOT, { assertion })), { body: LOOT });
    },
  ),
  attack(
    'approvals',
    'a removed member’s rights revived by an old entry',
    'an old signed grant of the administrator',
    ({ world, ann, ben, approvalId, take, id }) => {
      const grant = [...world.state.tables.assignment.values()].find((item) => item.identityId === ann.userId);
      const params = { permissionId: grant?.permissionId ?? '', assignmentId: grant?.id ?? '' };
      world.done(world.admin, 'permissions.deleteAssignment', params);
      const old = world.items.find(({ body }) =>
        new TextDecoder().decode(body).includes(`"identityId":"${ann.userId}"`),
      );
      const { seq: _seq, prev: _prev, ...leaf } = JSON.parse(new TextDecoder().decode(old?.bytes));
      world.place({
        leaf: { ...leaf, effects: { ...leaf.effects, assignmentId: world.id('assignment') } },
        body: old?.body ?? new Uint8Array(0),
      });
      world.vote(ann, approvalId);
      world.vote(ben, approvalId);
      return take(id);
    },
  ),
]);
