import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import { fromBase64Url, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { ClientError, PasskeyDismissedError } from './client-error';
import { derFingerprint } from './fingerprint';
import type { CredentialInit, RegistrationChallenge, SigningChallenge } from './shapes';

/** The dialect signs the challenge as text: WebAuthn gets its UTF-8 bytes (contract §2.4). */
const encode = (text: string): string => toBase64Url(utf8ToBytes(text));

const explained = (cause: unknown): unknown => {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'AbortError') return new PasskeyDismissedError();
  if (name === 'InvalidStateError')
    return new ClientError(
      0,
      'This device already holds a passkey for this account. Use another device or a security key for the second one.',
    );
  if (name === 'SecurityError')
    return new ClientError(
      0,
      'The browser refuses passkeys at this address. Open the console at the address your organisation was set up with (localhost, not 127.0.0.1).',
    );
  if (cause instanceof WebAuthnError) return new ClientError(0, cause.message);
  return cause;
};

/** Asks for a passkey's signature over a challenge. @throws {PasskeyDismissedError} when the person closes the prompt. */
export const assertPasskey = async (challenge: SigningChallenge) => {
  try {
    const answer = await startAuthentication({
      optionsJSON: {
        challenge: encode(challenge.challenge),
        allowCredentials: challenge.allowCredentials.webauthn.map(({ id }) => ({ id, type: 'public-key' as const })),
        userVerification: challenge.userVerification,
        timeout: 120_000,
        ...(challenge.rp && { rpId: challenge.rp.id }),
      },
    });
    const { clientDataJSON, authenticatorData, signature, userHandle } = answer.response;
    return {
      kind: 'Fido2' as const,
      credentialAssertion: {
        credId: answer.id,
        clientData: clientDataJSON,
        authenticatorData,
        signature,
        ...(userHandle && { userHandle }),
      },
    };
  } catch (cause) {
    throw explained(cause);
  }
};

/** Makes a new passkey on this device or a security key. */
export const createPasskey = async (challenge: RegistrationChallenge | CredentialInit) => {
  try {
    const answer = await startRegistration({
      optionsJSON: {
        challenge: encode(challenge.challenge),
        rp: { name: challenge.rp?.name ?? 'Countersign', ...(challenge.rp && { id: challenge.rp.id }) },
        user: { id: encode(challenge.user.id), name: challenge.user.name, displayName: challenge.user.displayName },
        pubKeyCredParams: challenge.pubKeyCredParams,
        authenticatorSelection: challenge.authenticatorSelection,
        excludeCredentials: challenge.excludeCredentials.map(({ id }) => ({ id, type: 'public-key' as const })),
        attestation: challenge.attestation === 'indirect' ? 'direct' : challenge.attestation,
        timeout: 120_000,
      },
    });
    const der = answer.response.publicKey ? fromBase64Url(answer.response.publicKey) : null;
    return {
      credential: {
        credentialKind: 'Fido2' as const,
        credentialInfo: {
          credId: answer.id,
          clientData: answer.response.clientDataJSON,
          attestationData: answer.response.attestationObject,
        },
      },
      /** Of the new public key, as this browser made it. */
      fingerprint: der ? derFingerprint(der) : null,
    };
  } catch (cause) {
    throw explained(cause);
  }
};
