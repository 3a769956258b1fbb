/** What login and user actions are answered with first, as far as a signer looks at it. */
export type SigningChallenge = {
  readonly challenge: string;
  readonly challengeIdentifier: string;
  readonly rp?: { readonly id: string };
  readonly allowCredentials: {
    readonly key: readonly { readonly id: string }[];
    readonly webauthn: readonly { readonly id: string }[];
  };
  readonly statement?: unknown;
  readonly nonce?: unknown;
};

/** A credential's answer in the dialect's form (contract §2.4). */
export type FirstFactor = {
  readonly kind: 'Key' | 'Fido2';
  readonly credentialAssertion: { readonly [member: string]: string };
};

/** Whatever holds a credential: a key file, or a security key. */
export type CredentialSigner = { readonly sign: (challenge: SigningChallenge) => Promise<FirstFactor> };

/** Something the person at the terminal can set right; its message is the whole story. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
