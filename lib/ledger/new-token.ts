import { parsePublicKey, spkiToPem } from '@/lib/authentication/pem';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from './checks';
import { type Decided, type EffectsInput, makeId, numberEffect, type OperationInput, textEffect } from './decision';
import { decideGoverned } from './governed';
import { actorPermission } from './live';
import { after } from './policies';
import type { Change, TokenRecord } from './records';
import { find, put } from './state';

const DAY_SECONDS = 86_400;
/** A year, where the request names no time (contract §2.2). */
const DEFAULT_DAYS = 365;

/** What a request for a long-lived token says, whoever bears it. */
export type TokenBody = {
  readonly name: string;
  /** PEM. */
  readonly publicKey: string;
  readonly permissionId?: string;
  readonly daysValid?: number;
  /** Wins over `daysValid`. */
  readonly secondsValid?: number;
};

const lifeMs = (body: Pick<TokenBody, 'daysValid' | 'secondsValid'>): number =>
  1000 * (body.secondsValid ?? (body.daysValid ?? DEFAULT_DAYS) * DAY_SECONDS);

/** What the server adds for a new token: ids, also of the change that gives it a permission, and when it ends. */
export const tokenEffects = (input: EffectsInput) => ({
  tokenId: makeId('token', input),
  credentialId: makeId('credential', input),
  credId: makeId('credential', input),
  assignmentId: makeId('assignment', input),
  changeRequestId: makeId('changeRequest', input),
  approvalId: makeId('approval', input),
  expiresAt: input.at + lifeMs(input.body as TokenBody),
});

/** The token of a user and the one key that signs for it. The request holds the key, so that it counts at once (design §4.3). */
export const newToken = (
  { state, leaf, body, effects, at }: OperationInput<TokenBody>,
  bearer: Pick<TokenRecord, 'userId' | 'kind'>,
): Outcome<{ readonly tokenId: string; readonly changes: Change[] }> => {
  const tokenId = freshId(state, effects, 'tokenId', 'token', 'token');
  const credentialId = freshId(state, effects, 'credentialId', 'credential', 'credential');
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
  if (expiresAt === null || expiresAt > leaf.at + lifeMs(body) || !credId)
    return refused(500, 'ledger.effects', 'The effects of a token are malformed.');
  if (state.tables.credential.by('credId', credId).length > 0)
    return refused(409, 'credential.duplicate', 'This credential is registered already.');
  return accepted({
    tokenId: tokenId.value,
    changes: [
      put('token', {
        id: tokenId.value,
        ...bearer,
        credentialId: credentialId.value,
        name: body.name,
        isActive: true,
        expiresAt,
        dateCreated: at,
      }),
      put('credential', {
        id: credentialId.value,
        credId,
        userId: bearer.userId,
        kind: 'Key',
        publicKey: spkiToPem(key.spki),
        tokenId: tokenId.value,
        name: body.name,
        isActive: true,
        introduced: true,
        dateCreated: at,
      }),
    ],
  });
};

/**
 * A new identity exists at once; the permission asked for with it is assigned now, or waits as a change request (contract A24).
 * @param identityId Who gets the permission: a service account's user, or a personal access token.
 */
export const withPermission = (
  input: OperationInput<TokenBody>,
  changes: readonly Change[],
  identityId: string,
  result: Decided['result'],
): Outcome<Decided> => {
  const { state, body, effects, actor } = input;
  if (!body.permissionId) return accepted({ changes, result, status: 200 });
  const denied = actorPermission(state, actor, ['Permissions:Assign']);
  if (denied) return denied;
  const permission = find(state, 'permission', body.permissionId);
  if (!permission || permission.isArchived) return notFound('permission', 'permissionId', body.permissionId);
  const assignmentId = freshId(state, effects, 'assignmentId', 'assignment', 'assignment');
  if (!assignmentId.ok) return assignmentId;
  const governed = decideGoverned(
    { ...input, state: after(state, changes) },
    {
      activity: { kind: 'Permissions:Assign', subject: { permissionId: permission.id } },
      kind: 'Assignment',
      operationKind: 'Create',
      entityId: assignmentId.value,
      body: { id: assignmentId.value, permissionId: permission.id, identityId, isImmutable: false },
      result: { kind: 'assignment', id: assignmentId.value },
    },
  );
  if (!governed.ok) return governed;
  const { answer, changes: more } = governed.value;
  // Blocked: nothing comes to be but the record of the refusal.
  if (answer) return accepted({ changes: more, result, status: 200, answer });
  return accepted({ changes: [...changes, ...more], result, status: 200 });
};
