import { BaseAuthApi, DfnsApiClient } from '@dfns/sdk';
import { AsymmetricKeySigner } from '@dfns/sdk-keysigner';
import { attest, type KeyCredential, newKeyCredential } from './key-credential';

/** Somebody who works through the unmodified SDK. */
export type Person = {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  readonly credential: KeyCredential;
  readonly token: string;
  readonly client: DfnsApiClient;
};

export type Invitation = { readonly orgId: string; readonly username: string; readonly registrationCode: string };

/** Registers a Key credential with a code, and signs in with it: what the SDK's own authenticator does. */
export const register = async (
  baseUrl: string,
  invitation: Invitation,
  kind: 'P-256' | 'Ed25519' = 'P-256',
): Promise<Person> => {
  const { orgId, username, registrationCode } = invitation;
  const credential = newKeyCredential(kind);
  const challenge = await BaseAuthApi.createUserRegistrationChallenge(
    { orgId, username, registrationCode },
    { baseUrl },
  );
  const registered = await BaseAuthApi.createUserRegistration(
    { firstFactorCredential: attest(credential, challenge.challenge) } as never,
    { baseUrl, authToken: challenge.temporaryAuthenticationToken },
  );
  return { ...(await signIn(baseUrl, { orgId, username, credential })), userId: registered.user.id };
};

/** Signs in with a registered credential. */
export const signIn = async (
  baseUrl: string,
  who: { readonly orgId: string; readonly username: string; readonly credential: KeyCredential },
): Promise<Person> => {
  const signer = signerOf(who.credential);
  const challenge = await BaseAuthApi.createUserLoginChallenge(
    { orgId: who.orgId, username: who.username },
    { baseUrl },
  );
  const firstFactor = await signer.sign(challenge);
  const { token } = await BaseAuthApi.createUserLogin(
    { challengeIdentifier: challenge.challengeIdentifier, firstFactor },
    { baseUrl },
  );
  const userId = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub as string;
  return { ...who, userId, token, client: clientFor(baseUrl, { orgId: who.orgId, token, credential: who.credential }) };
};

export const signerOf = (credential: KeyCredential): AsymmetricKeySigner =>
  new AsymmetricKeySigner({ credId: credential.credId, privateKey: credential.privateKey });

export const clientFor = (
  baseUrl: string,
  who: { readonly orgId: string; readonly token: string; readonly credential: KeyCredential },
): DfnsApiClient =>
  new DfnsApiClient({ baseUrl, orgId: who.orgId, authToken: who.token, signer: signerOf(who.credential) });
