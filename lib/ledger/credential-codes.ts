import { addedCredential } from '@/lib/contract/credential-shapes';
import { parseJson } from '@/lib/contract/json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { type Decided, textEffect } from './decision';
import { isCredentialLive } from './live';
import { attestCredential } from './new-credential';
import type { NodeEntryInput } from './node-entry';
import { all, find, put } from './state';

/** How long a code for a further credential is good for, at most. */
export const CREDENTIAL_CODE_LIFE_MS = 60_000;

/**
 * A device that knows a code adds a credential to the account of whoever allowed the code, once and in time. Nobody's credential
 * signs this: under `server` enrolment the code introduces the new one; under `vouched` it is inert until its owner activates it,
 * which names the key (design §4.3).
 */
export const decideCredentialByCode = (input: NodeEntryInput, raw: Uint8Array): Outcome<Decided> => {
  const { state, leaf, at, ports } = input;
  const org = all(state, 'org')[0];
  const code = find(state, 'credentialCode', textEffect(leaf.effects, 'codeId') ?? '');
  // Revoking the credential that allowed a code takes the code with it.
  const isAllowed = code !== undefined && isCredentialLive(state, find(state, 'credential', code.credentialId));
  if (!org || !isAllowed || code.expiresAt < at || find(state, 'credential', code.id))
    return refused(403, 'credential.code', 'Invalid code');
  const json = parseJson(raw);
  const parsed = json.ok ? addedCredential.safeParse(json.value) : null;
  if (!parsed?.success) return refused(400, 'credential.malformed', 'The new credential is malformed.');
  const counts = org.enrolment === 'server';
  const credential = attestCredential(parsed.data, {
    state,
    ports,
    challenge: textEffect(leaf.effects, 'challenge') ?? '',
    id: code.id,
    name: parsed.data.credentialName,
    userId: code.userId,
    introduced: counts,
    at,
  });
  if (!credential.ok) return credential;
  return accepted({
    changes: [put('credential', { ...credential.value, isActive: counts })],
    result: { kind: 'credential', id: code.id },
    status: 200,
  });
};
