import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { type Decided, governanceLane, type LedgerOperation, type OperationInput } from '../decision';
import { newToken, tokenEffects, withPermission } from '../new-token';
import type { Change, TokenRecord } from '../records';
import { revokedAssignments } from '../removal';
import { find, put } from '../state';

/** A personal access token and its key come to be together; it may do what it and its owner may, and nothing until assigned. */
export const createPersonalAccessToken: LedgerOperation = {
  operationId: 'auth.createPersonalAccessToken',
  lane: governanceLane,
  effects: tokenEffects,
  decide: (input) => {
    const { actor } = input;
    if (actor.token) return refused(403, 'token.creator', 'A token cannot create tokens; sign in as the person.');
    const token = newToken(input, { userId: actor.user.id, kind: 'Pat' });
    if (!token.ok) return token;
    const { tokenId, changes } = token.value;
    return withPermission(input, changes, tokenId, { kind: 'token', id: tokenId });
  },
};

/** Tokens belong to their owner alone: to everybody else they are not there. */
const ownToken = ({ state, params, actor }: OperationInput): Outcome<TokenRecord> => {
  const token = find(state, 'token', params.tokenId ?? '');
  return token?.kind === 'Pat' && token.userId === actor.user.id && !token.isArchived
    ? accepted(token)
    : notFound('token', 'tokenId', params.tokenId ?? '');
};

/**
 * @param byToken What a token may do itself: nothing, or give itself up. Otherwise the narrowest token could revive or rename the
 * others of its owner.
 */
const changeToken = (
  operationId: string,
  byToken: 'nothing' | 'itself',
  change: (token: TokenRecord, input: OperationInput<{ readonly name?: string }>) => readonly Change[],
): LedgerOperation => ({
  operationId,
  lane: governanceLane,
  effects: () => ({}),
  decide: (input): Outcome<Decided> => {
    const token = ownToken(input);
    if (!token.ok) return token;
    const { id } = token.value;
    const bearer = input.actor.token;
    if (bearer && (byToken === 'nothing' || bearer.id !== id))
      return refused(403, 'token.bearer', 'A token can only give itself up; sign in as the person to change tokens.');
    return accepted({ changes: change(token.value, input), result: { kind: 'token', id }, status: 200 });
  },
});

/** A new name for a token and for the key that signs for it. `externalId` lies in the body beside the entry. */
export const renamed = (
  token: TokenRecord,
  { state, body }: OperationInput<{ readonly name?: string }>,
): readonly Change[] => {
  const { name } = body;
  if (name === undefined) return [];
  const credential = find(state, 'credential', token.credentialId);
  return [put('token', { ...token, name }), ...(credential ? [put('credential', { ...credential, name })] : [])];
};

export const updatePersonalAccessToken = changeToken('auth.updatePersonalAccessToken', 'nothing', renamed);

export const activatePersonalAccessToken = changeToken('auth.activatePersonalAccessToken', 'nothing', (token) => [
  put('token', { ...token, isActive: true }),
]);

export const deactivatePersonalAccessToken = changeToken('auth.deactivatePersonalAccessToken', 'itself', (token) => [
  put('token', { ...token, isActive: false }),
]);

export const archivePersonalAccessToken = changeToken(
  'auth.archivePersonalAccessToken',
  'itself',
  (token, { state }) => [
    put('token', { ...token, isActive: false, isArchived: true }),
    ...revokedAssignments(state, [token.id]),
  ],
);
