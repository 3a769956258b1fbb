import {
  RECOVERY_LIFE_MS,
  type RecoveryStatement,
  recoveryChallenge,
  recoveryProof,
} from '@/lib/authentication/recovery';
import { type SoftwareCredential, softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import type { Json } from '@/lib/domain/canonical-json';
import { toBase64Url } from '@/lib/domain/hash';
import { all } from '../state';
import type { Placed, Signer } from './requests';
import type { World } from './world';

const json = (value: unknown): Json => value as Json;

/** Somebody with a recovery key: `credential` signs, `recoveryKey` only recovers. */
export type Recoverable = Signer & {
  readonly credentialId: string;
  readonly recoveryKey: SoftwareCredential;
  readonly recoveryId: string;
};

/** An invited person who registered a key and a recovery key. */
export const registerRecoverable = (world: World): Recoverable => {
  const email = { email: 'someone@wallets.test', kind: 'CustomerEmployee' };
  const { userId = '' } = world.done(world.admin, 'auth.createUser', {}, email);
  const [credential, recoveryKey] = [softwareKey('P-256'), softwareKey('Ed25519', 'RecoveryKey')];
  const [credentialId, recoveryId] = [world.id('credential'), world.id('credential')];
  const challenge = 'registration challenge';
  const body = {
    firstFactorCredential: json(credential.attest(challenge)),
    recoveryCredential: json(recoveryKey.attest(challenge)),
  };
  const credentials = [credentialId, recoveryId].map((id) => ({ id, name: 'Key' }));
  const placed = world.append('registration', body, { effects: { userId, challenge, credentials } });
  if (placed.kind !== 'applied') throw new Error(JSON.stringify(placed));
  return { userId, credential, credentialId, recoveryKey, recoveryId };
};

/** What a forger changes about an otherwise honest recovery. */
export type RecoveryForgery = {
  readonly statement?: Partial<RecoveryStatement>;
  /** Put into the entry in the place of the statement that was signed. */
  readonly entered?: Partial<RecoveryStatement>;
  /** What the recovery key signs over instead of the new credentials. */
  readonly signedOver?: (challenge: string) => unknown;
  readonly recoveryKey?: SoftwareCredential;
  readonly effects?: { readonly [name: string]: Json };
  readonly at?: number;
};

/** The entry of a recovery as an honest server would make it, or with the forger's changes. */
export const recoveryEntry = (
  world: World,
  person: Pick<Recoverable, 'userId' | 'recoveryKey' | 'recoveryId'>,
  key: SoftwareCredential,
  forgery: RecoveryForgery = {},
): Placed => {
  const statement: RecoveryStatement = {
    v: 1,
    orgId: world.orgId,
    genesis: all(world.state, 'org')[0]?.genesisHash ?? '',
    userId: person.userId,
    credentialId: person.recoveryId,
    serverNonce: toBase64Url(world.random(32)),
    expiresAt: world.now() + RECOVERY_LIFE_MS,
    ...forgery.statement,
  };
  const challenge = recoveryChallenge(statement);
  const newCredentials = { firstFactorCredential: key.attest(challenge) };
  const signer = forgery.recoveryKey ?? person.recoveryKey;
  const signed = forgery.signedOver?.(challenge) ?? newCredentials;
  // The entry's bytes are canonical here; what is signed keeps the order of those bytes.
  const recovery = toFirstFactor(signer.assert(recoveryProof(sorted(signed))));
  return world.nodeEntry('recovery', json({ recovery, newCredentials }), {
    effects: {
      userId: person.userId,
      recovery: { ...statement, ...forgery.entered },
      credentials: [{ id: world.id('credential'), name: 'New' }],
      ...forgery.effects,
    },
    ...(forgery.at === undefined ? {} : { at: forgery.at }),
  });
};

/** The same value with its members in the order of canonical JSON. */
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, item]) => [name, sorted(item)]),
      )
    : value;
