/** What a role asks of the proof with which it is used. A role without either has no rules. */
export type RoleRules = {
  /** Only a passkey that never leaves its device counts. */
  readonly hardwareBoundOnly: boolean;
  /** The authenticator verified its user at most so long ago; null for no such rule. */
  readonly reauthenticateMinutes: number | null;
};

/** How somebody proved who they are. */
export type Proof = {
  /** By a passkey whose authenticator signed that it can't be backed up. */
  readonly isHardwareBound: boolean;
  /** Since an authenticator verified its user, milliseconds: 0 for a request a passkey signed; null where none did. */
  readonly verifiedMsAgo: number | null;
};

/** Of keys, tokens and single sign-on: nothing about an authenticator is known. */
export const NO_PROOF: Proof = { isHardwareBound: false, verifiedMsAgo: null };

/** What a credential proves by signing now. A passkey is refused before where its user was not verified. */
export const proofOf = (credential: { readonly kind: string; readonly isBackupEligible?: boolean }): Proof =>
  credential.kind === 'Fido2' ? { isHardwareBound: credential.isBackupEligible === false, verifiedMsAgo: 0 } : NO_PROOF;

/** Whether a role counts with this proof. What is not known does not satisfy a rule. */
export const meetsRules = (rules: RoleRules | undefined, proof: Proof): boolean => {
  if (!rules) return true;
  if (rules.hardwareBoundOnly && !proof.isHardwareBound) return false;
  const { reauthenticateMinutes: minutes } = rules;
  return minutes === null || (proof.verifiedMsAgo !== null && proof.verifiedMsAgo <= minutes * 60_000);
};

/** What the holder of the role can do to satisfy it. */
export const whatToDo = (rules: RoleRules, proof: Proof): string => {
  const steps: string[] = [];
  if (rules.hardwareBoundOnly && !proof.isHardwareBound)
    steps.push('use a passkey that never leaves its device, such as a security key: sign in and sign with it');
  const { reauthenticateMinutes: minutes } = rules;
  if (minutes !== null && !meetsRules({ hardwareBoundOnly: false, reauthenticateMinutes: minutes }, proof))
    steps.push(
      proof.verifiedMsAgo === null
        ? 'use a passkey, which verifies its user; keys, tokens and single sign-on do not'
        : `sign in again: the last time may be ${minutes} minutes ago at most`,
    );
  return steps.join('; and ');
};
