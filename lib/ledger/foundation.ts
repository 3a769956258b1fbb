import type { z } from 'zod';
import type { Attestation } from '@/lib/authentication/verify-attestation';
import { endUserRegistrationBody, type registrationBody } from '@/lib/contract/auth-registration';
import { parseJson } from '@/lib/contract/json';
import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { isId } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type Decided, textEffect } from './decision';
import { isTrustedOnFirstUse, walletsOfNewEndUser } from './end-users';
import { EVERYTHING, FULL_ADMIN_NAME } from './full-admin';
import { type Genesis, genesisHash } from './genesis';
import { attestCredentials, DEFAULT_CREDENTIAL_NAME } from './new-credential';
import type { NodeEntryInput } from './node-entry';
import type { Change } from './records';
import { all, find, put } from './state';
import { permissionVersion } from './version';

const HEX32 = /^[0-9a-f]{64}$/;

/** Whether the document can be the root of an organisation: complete, consistent, nothing else in it. */
const isGenesis = (genesis: Genesis): boolean =>
  genesis.specVersion === 'countersign/1' &&
  isId('organisation', genesis.orgId) &&
  Number.isSafeInteger(genesis.k) &&
  Number.isSafeInteger(genesis.n) &&
  genesis.k >= 2 &&
  genesis.k <= genesis.n &&
  genesis.n <= 16 &&
  genesis.nodes.length === genesis.n &&
  genesis.nodes.every(
    (node, index) => node.node === index + 1 && HEX32.test(node.signingKey) && HEX32.test(node.agreementKey),
  ) &&
  new Set(genesis.nodes.map((node) => node.signingKey)).size === genesis.n &&
  genesis.oracleKeys.every((key) => HEX32.test(key)) &&
  genesis.origins.length > 0 &&
  genesis.firstAdmin.credentials.some((credential) => credential.kind !== 'RecoveryKey') &&
  (genesis.enrolment === 'server' || genesis.enrolment === 'vouched');

/** Entry 0: everything later rests on it. Its body is the genesis in canonical JSON. */
export const decideGenesis = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  if (all(input.state, 'org').length > 0)
    return refused(409, 'genesis.exists', 'The organisation has its genesis already.');
  const genesis = input.body as unknown as Genesis;
  if (!isGenesis(genesis) || canonicalJson(genesis as unknown as Json) !== new TextDecoder().decode(raw))
    return refused(400, 'genesis.malformed', 'The genesis is malformed or not canonical.');
  const { at } = input;
  const { userId, credentials } = genesis.firstAdmin;
  const operations = [EVERYTHING];
  const definition = { name: FULL_ADMIN_NAME, operations, isArchived: false };
  const changes: Change[] = [
    put('org', {
      id: genesis.orgId,
      genesisHash: genesisHash(genesis),
      genesis,
      confirmed: false,
      enrolment: genesis.enrolment,
      strict: genesis.strict,
      frozen: false,
    }),
    put('user', {
      id: userId,
      kind: 'CustomerEmployee',
      isServiceAccount: false,
      isActive: true,
      isRegistered: true,
      dateCreated: at,
    }),
    put('permission', {
      ...definition,
      id: genesis.fullAdmin.permissionId,
      isImmutable: true,
      version: permissionVersion(definition),
      dateCreated: at,
      dateUpdated: at,
    }),
    put('assignment', {
      id: genesis.fullAdmin.assignmentId,
      permissionId: genesis.fullAdmin.permissionId,
      identityId: userId,
      isImmutable: false,
      isRevoked: false,
      dateCreated: at,
    }),
    ...credentials.map((credential) =>
      put('credential', {
        ...credential,
        userId,
        name: DEFAULT_CREDENTIAL_NAME,
        isActive: true,
        introduced: true,
        dateCreated: at,
        ...(credential.kind === 'Fido2' ? { rpId: genesis.rpId } : {}),
      }),
    ),
  ];
  return accepted({ changes, result: { kind: 'org', id: genesis.orgId }, status: 200 });
};

/**
 * An invited person registers keys. Under `server` enrolment that introduces them; under `vouched` they stay inert until somebody
 * who may assign permissions vouches over their fingerprints (design §4.3). An end user's wallets come to be with them.
 */
export const decideRegistration = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  const { state, leaf, at, ports } = input;
  const org = all(state, 'org')[0];
  const userId = textEffect(leaf.effects, 'userId') ?? '';
  const challenge = textEffect(leaf.effects, 'challenge') ?? '';
  const user = find(state, 'user', userId);
  if (!org || !user?.isActive || user.isServiceAccount) return refused(404, 'user.not_found', 'user not found');
  if (user.isRegistered) return refused(401, 'registration.done', 'User already exists.');
  const json = parseJson(raw);
  const isEndUser = user.kind === 'EndUser';
  const parsed = json.ok ? endUserRegistrationBody.safeParse(json.value) : null;
  if (!parsed?.success || challenge === '' || (!isEndUser && parsed.data.wallets !== undefined))
    return refused(400, 'registration.malformed', 'The registration is malformed.');
  const introduced = org.enrolment === 'server' || (isEndUser && isTrustedOnFirstUse(state, userId));
  const credentials = attestCredentials(givenCredentials(parsed.data), leaf, {
    state,
    ports,
    challenge,
    userId,
    introduced,
    at,
  });
  if (!credentials.ok) return credentials;
  const wanted = parsed.data.wallets ?? [];
  const ids = (leaf.effects.wallets ?? []) as unknown as Parameters<typeof walletsOfNewEndUser>[1]['ids'];
  const wallets = walletsOfNewEndUser(state, { userId, wanted, ids, at });
  if (!wallets.ok) return wallets;
  const changes: Change[] = [
    put('user', { ...user, isRegistered: true }),
    ...credentials.value.map((credential) => put('credential', credential)),
    ...wallets.value,
  ];
  return accepted({ changes, result: { kind: 'user', id: userId }, status: 200 });
};

/** The credentials of a registration's or recovery's body, in the order in which its effects name them. */
export const givenCredentials = (body: z.infer<typeof registrationBody>): Attestation[] =>
  [body.firstFactorCredential, body.recoveryCredential].filter((item) => item !== undefined);
