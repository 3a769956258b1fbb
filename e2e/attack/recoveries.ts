import { softwareKey } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import {
  type Recoverable,
  type RecoveryForgery,
  recoveryEntry,
  registerRecoverable,
} from '@/lib/ledger/testing/recoveries';
import type { World } from '@/lib/ledger/testing/world';
import { attack, group, NOTHING } from './attack';
import { LOOT, stranger } from './scenes';

/** Somebody who may ask for transfers, and has a recovery key. */
const payer = (world: World): Recoverable => {
  const person = registerRecoverable(world);
  world.grant(person.userId, ['Wallets:Transfers:Create']);
  return person;
};

/** The attacker enters a recovery of the payer's account, and asks for the loot with the new credential. */
const recovered = (name: string, holds: string, forge: (world: World, person: Recoverable) => RecoveryForgery) =>
  attack('payment', name, holds, ({ world, request, enter, take }) => {
    const person = payer(world);
    const thief = stranger();
    world.place(recoveryEntry(world, person, thief, forge(world, person)));
    return take(enter(request({ userId: person.userId, credential: thief }, LOOT)), { body: LOOT });
  });

/** What the server writes when somebody enters a code on another device. */
const redeem = (world: World, key: ReturnType<typeof stranger>, codeId: string) => {
  const attested = key.attest('c') as unknown as { [name: string]: Json };
  const body = { ...attested, credentialName: 'Phone', challengeIdentifier: 'ch' };
  return world.append('credentialByCode', body, { effects: { codeId, challenge: 'c' } });
};

export const RECOVERIES = group('recoveries', [
  recovered('a recovery by a recovery key of the attacker', NOTHING, () => ({
    recoveryKey: softwareKey('Ed25519', 'RecoveryKey'),
  })),
  recovered('a recovery whose new credential was put in the place of the signed one', 'a recovery being made', () => ({
    signedOver: (challenge) => ({ firstFactorCredential: softwareKey('P-256').attest(challenge) }),
  })),
  recovered('a recovery made for another organisation', 'a recovery of the same person elsewhere', () => ({
    statement: { genesis: '00'.repeat(32) },
  })),
  recovered('a recovery that was begun long ago', 'an old recovery nobody completed', (world) => ({
    statement: { expiresAt: world.now() - 1 },
  })),
  attack('payment', 'a recovery of somebody else’s account', 'a recovery key of a member', (opened) => {
    const { world, request, enter, take } = opened;
    const [person, member] = [payer(world), registerRecoverable(world)];
    const thief = stranger();
    world.place(recoveryEntry(world, { ...member, userId: person.userId }, thief));
    const entered = { userId: person.userId, credentialId: person.recoveryId };
    world.place(recoveryEntry(world, member, thief, { entered }));
    return take(enter(request({ userId: person.userId, credential: thief }, LOOT)), { body: LOOT });
  }),
  attack('payment', 'a recovery key used a second time', 'a spent recovery key', (opened) => {
    const { world, request, enter, take } = opened;
    const person = payer(world);
    world.place(recoveryEntry(world, person, softwareKey('P-256')));
    const thief = stranger();
    world.place(recoveryEntry(world, person, thief));
    return take(enter(request({ userId: person.userId, credential: thief }, LOOT)), { body: LOOT });
  }),
  attack('payment', 'the credential that a recovery ended', 'the lost key of a member', (opened) => {
    const { world, request, enter, take } = opened;
    const person = payer(world);
    world.place(recoveryEntry(world, person, softwareKey('P-256')));
    return take(enter(request(person, LOOT)), { body: LOOT });
  }),
  attack('payment', 'a recovery key that signs a request', 'the recovery key of a member', (opened) => {
    const { world, request, enter, take } = opened;
    const { userId, recoveryKey } = payer(world);
    return take(enter(request({ userId, credential: recoveryKey }, LOOT)), { body: LOOT });
  }),
  attack(
    'vouched',
    'a recovery key that nobody introduced',
    'a recovery key put beside an honest registration',
    (opened) => {
      const { world, request, enter, take } = opened;
      const person = payer(world);
      const thief = stranger();
      world.place(recoveryEntry(world, person, thief));
      return take(enter(request({ userId: person.userId, credential: thief }, LOOT)), { body: LOOT });
    },
  ),
  attack('payment', 'a deactivated credential', 'a key its owner deactivated', (opened) => {
    const { world, request, enter, take } = opened;
    const lost = stranger();
    const credentialUuid = world.addCredential(world.admin, lost);
    world.done(world.admin, 'auth.deactivateCredential', {}, { credentialUuid });
    const thief = { userId: world.admin.userId, credential: lost };
    world.act(thief, 'auth.activateCredential', {}, { credentialUuid });
    return take(enter(request(thief, LOOT)), { body: LOOT });
  }),
  attack('payment', 'a credential by a code that nobody asked for', NOTHING, (opened) => {
    const { world, request, enter, take } = opened;
    const thief = stranger();
    redeem(world, thief, world.id('credential'));
    return take(enter(request({ userId: world.admin.userId, credential: thief }, LOOT)), { body: LOOT });
  }),
  attack('payment', 'a second credential by one code', 'a code of the administrator, used', (opened) => {
    const { world, request, enter, take } = opened;
    const body = { expiration: world.now() + 30_000 };
    const { codeId = '' } = world.done(world.admin, 'auth.createCredentialCode', {}, body);
    redeem(world, softwareKey('P-256'), codeId);
    const thief = stranger();
    redeem(world, thief, codeId);
    return take(enter(request({ userId: world.admin.userId, credential: thief }, LOOT)), { body: LOOT });
  }),
  attack('vouched', 'a credential by code that its owner did not activate', 'a code of the administrator', (opened) => {
    const { world, request, enter, take } = opened;
    const body = { expiration: world.now() + 30_000 };
    const { codeId = '' } = world.done(world.admin, 'auth.createCredentialCode', {}, body);
    const thief = stranger();
    redeem(world, thief, codeId);
    return take(enter(request({ userId: world.admin.userId, credential: thief }, LOOT)), { body: LOOT });
  }),
]);
