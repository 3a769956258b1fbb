import { type Attestation, type AttestedCredential, verifyAttestation } from '@/lib/authentication/verify-attestation';
import type { Json } from '@/lib/domain/canonical-json';
import { newId } from '@/lib/domain/ids';
import { DEFAULT_CREDENTIAL_NAME } from '@/lib/ledger/new-credential';
import { originsOf } from '@/lib/ledger/org-settings';
import type { NamedCredential } from './founding';
import { orRefuse } from './handler';
import type { Services } from './services';

type NewCredential = Attestation & { readonly credentialName?: string };

/** The credentials of a registration or recovery as the contract's schema read them. */
export type NewCredentials = {
  readonly firstFactorCredential: NewCredential;
  readonly recoveryCredential?: NewCredential;
};

/** Verifies every credential against the one challenge; 400 says which part does not hold. */
export const attested = async (
  { firstFactorCredential, recoveryCredential }: NewCredentials,
  challenge: string,
  orgId: string,
  services: Services,
): Promise<NamedCredential[]> => {
  const org = await services.getRecord(orgId, 'org', orgId);
  const { rpId } = org?.genesis ?? services.settings;
  const origins = org ? originsOf(org) : services.settings.origins;
  return [firstFactorCredential, ...(recoveryCredential ? [recoveryCredential] : [])].map((attestation) => ({
    ...orRefuse(verifyAttestation({ attestation, challenge, rpId, origins, verify: services.verifyCredential })),
    ...(attestation.encryptedPrivateKey ? { encryptedPrivateKey: attestation.encryptedPrivateKey } : {}),
    id: newId('credential', services.random),
    name: attestation.credentialName ?? DEFAULT_CREDENTIAL_NAME,
  }));
};

/** A new credential as an entry's effects name it. */
export const credentialEffects = ({ id, kind, credId, publicKey, name }: NamedCredential): Json => ({
  id,
  kind,
  credId,
  publicKey,
  name,
});

/** Keeps what a passkey said of itself when it was made: its counter and whether it is backed up. Keys have no counter. */
export const noteAttested = async (
  id: string,
  { counter, backup }: Pick<AttestedCredential, 'counter' | 'backup'>,
  services: Services,
): Promise<void> => {
  if (counter !== null) await services.identity.raiseCounter(id, counter, backup?.isBackedUp === true);
};

/** The first credential of a registration or recovery as the answer names it. */
export const firstOf = async ([first]: readonly NamedCredential[], services: Services) => {
  if (!first) throw new Error('A registration or recovery has a first credential.');
  await noteAttested(first.id, first, services);
  return { uuid: first.id, kind: first.kind, name: first.name };
};
