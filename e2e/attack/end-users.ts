import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { activityIdOf } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';
import { walletOf } from './wallet';

export const END_USERS = group('end users', [
  attack(
    'endUser',
    'an administrator moves an end user’s wallet',
    'the administrator’s key',
    ({ world, request, enter, take }) => take(enter(request(world.admin, LOOT)), { body: LOOT }),
  ),
  attack(
    'endUser',
    'the service account that introduced an end user moves their wallet',
    'the service account’s key',
    ({ introducer, request, enter, take }) => take(enter(request(introducer, LOOT)), { body: LOOT }),
  ),
  attack(
    'endUser',
    'a session of an end user that a service account opened',
    'the service account’s key, which may sign end users in',
    ({ end, introducer, request, enter, take }) => {
      const { credential } = introducer;
      return take(enter(request({ userId: end.userId, credential }, LOOT)), { body: LOOT });
    },
  ),
  attack(
    'endUser',
    'another end user moves the wallet',
    'another end user’s key',
    ({ world, introducer, request, enter, take }) =>
      take(enter(request(world.endUser(introducer), LOOT)), { body: LOOT }),
  ),
  attack(
    'endUser',
    'a second registration of a registered end user',
    'the service account’s key',
    ({ world, introducer, end, request, enter, take }) => {
      const thief = stranger();
      const body = { email: 'end@user.test', kind: 'EndUser' };
      const { userId } = end;
      world.act(introducer, 'auth.createDelegatedRegistrationChallenge', {}, body, { effects: { userId } });
      const effects = { userId, challenge: 'c', credentials: [{ id: world.id('credential'), name: 'mine' }] };
      world.append('registration', { firstFactorCredential: thief.attest('c') as unknown as Json }, { effects });
      return take(enter(request({ userId, credential: thief }, LOOT)), { body: LOOT });
    },
  ),
  attack(
    'endUser',
    'an end user’s wallet handed to somebody else',
    'the administrator’s key and that of an accomplice',
    ({ world, introducer, walletId, request, enter, take }) => {
      const accomplice = world.endUser(introducer);
      world.act(world.admin, 'wallets.delegateWallet', { walletId }, { userId: accomplice.userId });
      return take(enter(request(accomplice, LOOT)), { body: LOOT });
    },
  ),
  attack(
    'endUser',
    'an end user moves a wallet of the organisation',
    'the end user’s key',
    async ({ scene, world, end }) => {
      const theirs = walletOf(scene, await scene.wallet());
      const { walletId } = theirs;
      const placed = world.request(end, 'wallets.transferAsset', { walletId }, LOOT);
      return theirs.take(theirs.enter(placed), { body: LOOT });
    },
  ),
  attack(
    'endUser',
    'an end user’s wallet moved by way of a second wallet on its key',
    'the administrator’s key',
    ({ scene, world, walletId }) => {
      const keyId = world.state.tables.wallet.get(walletId)?.keyId ?? '';
      const body = { network: 'EthereumSepolia', signingKey: { id: keyId } };
      const second = walletOf(scene, world.done(world.admin, 'wallets.createWallet', {}, body).walletId ?? '');
      const placed = world.request(world.admin, 'wallets.transferAsset', { walletId: second.walletId }, LOOT);
      return second.take(second.enter(placed), { body: LOOT });
    },
  ),
  attack(
    'endUser',
    'a request of the organisation signed after the wallet was handed over',
    'the administrator’s key',
    async ({ scene, world, end }) => {
      const later = walletOf(scene, await scene.wallet(world.admin, { delayDelegation: true }));
      const { walletId } = later;
      const policyId = world.policy({ kind: 'AlwaysTrigger' }, { kind: 'Block' });
      const blocked = activityIdOf(world.act(world.admin, 'wallets.transferAsset', { walletId }, LOOT));
      world.done(world.admin, 'policies.archivePolicy', { policyId });
      world.done(world.admin, 'wallets.delegateWallet', { walletId }, { userId: end.userId });
      return later.take(blocked, { body: LOOT });
    },
  ),
  attack('endUser', 'an end user nobody introduced', NOTHING, ({ world, request, enter, take }) => {
    const thief = { userId: world.id('user'), credential: softwareKey('P-256') };
    const effects = {
      userId: thief.userId,
      challenge: 'c',
      credentials: [{ id: world.id('credential'), name: 'mine' }],
    };
    world.append(
      'registration',
      { firstFactorCredential: thief.credential.attest('c') as unknown as Json },
      { effects },
    );
    return take(enter(request(thief, LOOT)), { body: LOOT });
  }),
]);
