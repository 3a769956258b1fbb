import { type Attestation, verifyAttestation } from '@/lib/authentication/verify-attestation';
import { isId } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Leaf } from './entry';
import { originsOf } from './org-settings';
import type { LedgerPorts } from './ports';
import type { CredentialRecord } from './records';
import { all, find, type OrgState } from './state';

export const DEFAULT_CREDENTIAL_NAME = 'Default Credential';

/** Whose credential it becomes, and the challenge its holder had to answer. */
export type NewCredential = {
  readonly state: OrgState;
  readonly ports: LedgerPorts;
  readonly challenge: string;
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly introduced: boolean;
  readonly at: number;
};

/**
 * The record of a new credential whose holder answered the challenge with it. Refused when the proof does not hold, or when the
 * credential is somebody's already.
 * @param given As the contract's schema read it.
 */
export const attestCredential = (given: Attestation, input: NewCredential): Outcome<CredentialRecord> => {
  const { state, ports, challenge, id, name, userId, introduced, at } = input;
  const org = all(state, 'org')[0];
  if (!org || challenge === '') return refused(400, 'credential.challenge', 'Challenge token is not valid.');
  const attested = verifyAttestation({
    attestation: { credentialKind: given.credentialKind, credentialInfo: given.credentialInfo },
    challenge,
    rpId: org.genesis.rpId,
    origins: originsOf(org),
    verify: ports.verifyCredential,
  });
  if (!attested.ok) return attested;
  const { credId, publicKey, kind, origin, backup } = attested.value;
  if (state.tables.credential.by('credId', credId).length > 0)
    return refused(409, 'credential.duplicate', 'This credential is registered already.');
  return accepted({
    id,
    credId,
    userId,
    kind,
    publicKey,
    name: String(name),
    isActive: true,
    introduced,
    ...(given.encryptedPrivateKey ? { encryptedPrivateKey: given.encryptedPrivateKey } : {}),
    ...(backup ? { isBackupEligible: backup.isEligible } : {}),
    ...(backup?.isBackedUp ? { wasBackedUp: true } : {}),
    ...(kind === 'Fido2' ? { rpId: org.genesis.rpId, ...(origin ? { origin } : {}) } : {}),
    dateCreated: at,
  });
};

type Named = { readonly id: string; readonly name: string };

/**
 * The records of credentials that answer one challenge together; the leaf's effects `credentials` name them in the same order.
 * Refused as a whole when one of them does not hold.
 */
export const attestCredentials = (
  given: readonly Attestation[],
  leaf: Leaf,
  input: Omit<NewCredential, 'id' | 'name'>,
): Outcome<CredentialRecord[]> => {
  const named = (leaf.effects.credentials ?? []) as unknown as readonly Named[];
  if (named.length !== given.length)
    return refused(400, 'credential.effects', 'The effects name another number of credentials than the body holds.');
  if (new Set(named.map((item) => item.id)).size !== named.length)
    return refused(409, 'ledger.id_used', 'Two credentials of one request have one id.');
  const records: CredentialRecord[] = [];
  for (const [index, { id, name }] of named.entries()) {
    if (!isId('credential', id) || find(input.state, 'credential', id))
      return refused(409, 'ledger.id_used', `The id ${id} was used before.`);
    const record = attestCredential(given[index] as Attestation, { ...input, id, name });
    if (!record.ok) return record;
    if (records.some((item) => item.credId === record.value.credId))
      return refused(409, 'credential.duplicate', 'This credential is registered already.');
    records.push(record.value);
  }
  return accepted(records);
};
