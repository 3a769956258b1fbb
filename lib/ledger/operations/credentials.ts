import { accepted, refused } from '@/lib/domain/refusal';
import { freshId } from '../checks';
import { governanceLane, type LedgerOperation, makeId, textEffect } from '../decision';
import { attestCredential, DEFAULT_CREDENTIAL_NAME } from '../new-credential';
import { put } from '../state';

export const createCredential: LedgerOperation = {
  operationId: 'auth.createCredential',
  lane: governanceLane,
  effects: (input) => ({ credentialId: makeId('credential', input), challenge: input.query.credentialChallenge ?? '' }),
  decide: ({ state, body, effects, actor, at, ports }) => {
    if (actor.token) return refused(403, 'credential.token', 'A token cannot add credentials; sign in as the person.');
    const id = freshId(state, effects, 'credentialId', 'credential', 'credential');
    if (!id.ok) return id;
    const credential = attestCredential(body, {
      state,
      ports,
      challenge: textEffect(effects, 'challenge') ?? '',
      id: id.value,
      name: body.credentialName ?? DEFAULT_CREDENTIAL_NAME,
      userId: actor.user.id,
      introduced: true,
      at,
    });
    if (!credential.ok) return credential;
    return accepted({
      changes: [put('credential', credential.value)],
      result: { kind: 'credential', id: id.value },
      status: 200,
    });
  },
};
