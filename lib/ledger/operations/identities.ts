import { verifyAttestation } from '@/lib/authentication/verify-attestation';
import { accepted, refused } from '@/lib/domain/refusal';
import { freshId } from '../checks';
import { governanceLane, type LedgerOperation, makeId, textEffect } from '../decision';
import { all, put } from '../state';

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
