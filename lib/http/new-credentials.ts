import { type Attestation, verifyAttestation } from '@/lib/authentication/verify-attestation';
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
