import { keyFingerprint } from '@/lib/authentication/key-fingerprint';
import { parsePublicKey, spkiToPem } from '@/lib/authentication/pem';
import { verifyAttestation } from '@/lib/authentication/verify-attestation';
import { accepted, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId, numberEffect, textEffect } from '../decision';
import { decideGoverned } from '../governed';
import { actorPermission } from '../live';
import { all, find, put } from '../state';

export const createUser: LedgerOperation = {
  operationId: 'auth.createUser',
  lane: governanceLane,
  effects: (input) => ({ userId: makeId('user', input) }),
  decide: ({ state, effects, at }) => {
    const id = freshId(state, effects, 'userId', 'user', 'user');
    if (!id.ok) return id;
    const user = {
      id: id.value,
      kind: 'CustomerEmployee',
      isServiceAccount: false,
      isActive: true,
      isRegistered: false,
      dateCreated: at,
    } as const;
    return accepted({ changes: [put('user', user)], result: { kind: 'user', id: id.value }, status: 200 });
  },
};

/** A holder of Permissions:Assign vouches over the fingerprints of an invited person's keys (design §4.3). */
export const vouchUser: LedgerOperation = {
  operationId: 'x.vouchUser',
  lane: governanceLane,
  effects: () => ({}),
  decide: ({ state, params, body, actor }) => {
    const user = find(state, 'user', params.userId ?? '');
    if (!user) return notFound('user', 'userId', params.userId ?? '');
    if (user.id === actor.user.id) return refused(403, 'enrolment.self_vouch', 'Nobody can vouch for themselves.');
    const credential = find(state, 'credential', body.credentialUuid);
    if (credential?.userId !== user.id || !credential.isActive)
      return notFound('credential', 'credentialUuid', body.credentialUuid);
    if (credential.introduced) return refused(409, 'enrolment.vouched', 'Somebody vouched for this key already.');
    if (keyFingerprint(credential.publicKey) !== body.fingerprint.replace(/=+$/, ''))
      return refused(
        409,
        'enrolment.fingerprint',
        'The fingerprint is not that of the registered key. Compare it again, in person or by phone.',
      );
    return accepted({
      changes: [put('credential', { ...credential, introduced: true })],
      result: { kind: 'user', id: user.id },
      status: 200,
    });
  },
};

export const createCredential: LedgerOperation = {
  operationId: 'auth.createCredential',
  lane: governanceLane,
  effects: (input) => ({ credentialId: makeId('credential', input), challenge: input.query.credentialChallenge ?? '' }),
  decide: ({ state, body, effects, actor, at, ports }) => {
    if (actor.token) return refused(403, 'credential.token', 'A token cannot add credentials; sign in as the person.');
    const id = freshId(state, effects, 'credentialId', 'credential', 'credential');
    if (!id.ok) return id;
    const org = all(state, 'org')[0];
    const challenge = textEffect(effects, 'challenge');
    if (!org || !challenge) return refused(400, 'credential.challenge', 'Challenge token is not valid.');
    const attested = verifyAttestation({
      attestation: { credentialKind: body.credentialKind, credentialInfo: body.credentialInfo },
      challenge,
      rpId: org.genesis.rpId,
      origins: org.genesis.origins,
      verify: ports.verifyCredential,
    });
    if (!attested.ok) return attested;
    if (all(state, 'credential').some((item) => item.credId === attested.value.credId))
      return refused(409, 'credential.duplicate', 'This credential is registered already.');
    const { credId, publicKey } = attested.value;
    const kind = body.credentialKind as 'Key' | 'Fido2' | 'RecoveryKey';
    const name = (body.credentialName as string | undefined) ?? 'Default Credential';
    const origin = kind === 'Fido2' ? { rpId: org.genesis.rpId, origin: attested.value.origin } : {};
    return accepted({
      changes: [
        put('credential', {
          id: id.value,
          credId,
          userId: actor.user.id,
          kind,
          publicKey,
          name,
          isActive: true,
          introduced: true,
          ...origin,
          dateCreated: at,
        }),
      ],
      result: { kind: 'credential', id: id.value },
      status: 200,
    });
  },
};

const DAY_MS = 86_400_000;

export const createServiceAccount: LedgerOperation = {
  operationId: 'auth.createServiceAccount',
  lane: governanceLane,
  effects: (input) => {
    const days = (input.body as { daysValid?: number }).daysValid ?? 365;
    return {
      userId: makeId('user', input),
      tokenId: makeId('token', input),
      credentialId: makeId('credential', input),
      credId: makeId('credential', input),
      assignmentId: makeId('assignment', input),
      changeRequestId: makeId('changeRequest', input),
      approvalId: makeId('approval', input),
      expiresAt: input.at + days * DAY_MS,
    };
  },
  decide: (input) => {
    const { state, body, effects, actor, at } = input;
    if (actor.token || actor.user.kind !== 'CustomerEmployee')
      return refused(403, 'service_account.creator', 'Only a signed-in employee can create a service account.');
    const userId = freshId(state, effects, 'userId', 'user', 'user');
    const tokenId = freshId(state, effects, 'tokenId', 'token', 'token');
    const credentialId = freshId(state, effects, 'credentialId', 'credential', 'credential');
    if (!userId.ok) return userId;
    if (!tokenId.ok) return tokenId;
    if (!credentialId.ok) return credentialId;
    const key = parsePublicKey(body.publicKey);
    if (!key)
      return refused(
        400,
        'credential.public_key',
        'publicKey: not a PEM public key of an allowed kind (P-256, P-384, P-521, secp256k1, Ed25519, RSA of at least 2048 bits).',
      );
    const expiresAt = numberEffect(effects, 'expiresAt');
    const credId = textEffect(effects, 'credId');
    const days = (body.daysValid as number | undefined) ?? 365;
    if (expiresAt === null || expiresAt > input.leaf.at + days * DAY_MS || !credId)
      return refused(500, 'ledger.effects', 'The effects of a service account are malformed.');
    if (all(state, 'credential').some((item) => item.credId === credId))
      return refused(409, 'credential.duplicate', 'This credential is registered already.');
    const changes = [
      put('user', {
        id: userId.value,
        kind: 'CustomerEmployee',
        isServiceAccount: true,
        isActive: true,
        isRegistered: true,
        dateCreated: at,
      }),
      put('token', {
        id: tokenId.value,
        userId: userId.value,
        kind: 'ServiceAccount',
        credentialId: credentialId.value,
        name: body.name,
        isActive: true,
        expiresAt,
        dateCreated: at,
      }),
      put('credential', {
        id: credentialId.value,
        credId,
        userId: userId.value,
        kind: 'Key',
        publicKey: spkiToPem(key.spki),
        tokenId: tokenId.value,
        name: body.name,
        isActive: true,
        introduced: true,
        dateCreated: at,
      }),
    ];
    if (!body.permissionId) return accepted({ changes, result: { kind: 'user', id: userId.value }, status: 200 });
    const denied = actorPermission(state, actor, ['Permissions:Assign']);
    if (denied) return denied;
    return withAssignment(input, changes, userId.value);
  },
};

/** The account exists at once; its permission is assigned now, or waits as a change request (contract A24). */
const withAssignment = (
  input: Parameters<LedgerOperation['decide']>[0],
  changes: ReturnType<typeof put>[],
  userId: string,
): ReturnType<LedgerOperation['decide']> => {
  const { state, body, effects } = input;
  const permission = find(state, 'permission', body.permissionId);
  if (!permission || permission.isArchived) return notFound('permission', 'permissionId', body.permissionId);
  const assignmentId = freshId(state, effects, 'assignmentId', 'assignment', 'assignment');
  if (!assignmentId.ok) return assignmentId;
  const withUser = { ...state, tables: { ...state.tables, user: new Map(state.tables.user) } };
  for (const change of changes) if (change.kind === 'user') withUser.tables.user.set(change.record.id, change.record);
  const governed = decideGoverned(
    { ...input, state: withUser },
    {
      activity: { kind: 'Permissions:Assign', subject: { permissionId: permission.id } },
      kind: 'Assignment',
      operationKind: 'Create',
      entityId: assignmentId.value,
      body: { id: assignmentId.value, permissionId: permission.id, identityId: userId, isImmutable: false },
      result: { kind: 'assignment', id: assignmentId.value },
    },
  );
  if (!governed.ok) return governed;
  const { answer, changes: more } = governed.value;
  return accepted({
    // Blocked: nothing comes to be but the record of the refusal.
    changes: answer ? more : [...changes, ...more],
    result: { kind: 'user', id: userId },
    status: 200,
    ...(answer ? { answer } : {}),
  });
};
