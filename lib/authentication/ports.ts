import type { Outcome } from '@/lib/domain/refusal';
import type { RecoveryStatement } from './recovery';
import type { Assertion, Statement } from './statement';

export type Enrolment = 'server' | 'vouched';

export type OrganisationRow = {
  readonly id: string;
  readonly name: string;
  readonly enrolment: Enrolment;
  readonly foundedAt: Date | null;
};

/** Personal data of a user. `username` is the e-mail address of an employee, the name of a service account. */
export type PersonRow = {
  readonly userId: string;
  readonly orgId: string;
  readonly username: string;
  readonly externalId: string | null;
  readonly registeredAt: Date | null;
};

export type SessionRow = {
  readonly jti: string;
  readonly orgId: string;
  readonly userId: string;
  readonly issuedAt: Date;
  /** Its last use, to the minute. */
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** Opened with a passkey that never leaves its device. */
  readonly isHardwareBound: boolean;
  /** Opened with a passkey, whose authenticator verified its user. */
  readonly isUserVerified: boolean;
};

/** Whether a passkey was backed up when it was last used, and since when that is so; null: since it was first seen. */
export type BackupRow = { readonly isBackedUp: boolean; readonly changedAt: Date | null };

export type ChallengePurpose = 'login' | 'registration' | 'credential' | 'userAction' | 'recovery' | 'credentialCode';

/** A challenge that was issued. `statement` belongs to a user action; `userId` is null where an unknown user asked to log in. */
export type ChallengeRow = {
  readonly id: string;
  readonly purpose: ChallengePurpose;
  readonly orgId: string;
  readonly userId: string | null;
  readonly jti: string | null;
  readonly challenge: string;
  readonly statement: Statement | null;
  /** Of a recovery. */
  readonly recovery: RecoveryStatement | null;
  /** Ids (`cr-…`) of the credentials that may answer; of a credential added by code, the id it will have. */
  readonly allowCredentials: readonly string[];
  /** Under what failed answers are counted; null where nobody counts them. */
  readonly attempt: string | null;
  readonly expiresAt: Date;
};

export type CodePurpose = 'login' | 'recovery' | 'credential';

/** A code that was given to a person. `id` is that of its ledger record where it has one. */
export type CodeRow = {
  readonly id: string;
  readonly purpose: CodePurpose;
  readonly orgId: string;
  readonly userId: string;
  readonly hash: string;
  readonly expiresAt: Date;
};

/** A signature over one request, verified and not yet spent. */
export type UserActionRow = {
  readonly tokenHash: string;
  readonly orgId: string;
  readonly userId: string;
  readonly jti: string;
  readonly statement: Statement;
  readonly assertion: Assertion;
  readonly expiresAt: Date;
};

/** Somebody as the identity provider vouches for them: an address it has verified. */
export type VerifiedPerson = { readonly email: string };

/** The OpenID Connect provider an operator has configured. What it says opens sessions; it signs nothing here. */
export type IdentityProvider = {
  readonly clientId: string;
  /** Where a browser is sent to sign in. */
  authorizationUrl(input: {
    readonly redirectUri: string;
    readonly state: string;
    readonly nonce: string;
    readonly codeVerifier: string;
  }): Promise<string>;
  /** Redeems the code that came back, once. Refused with 401 when anything about it does not fit. */
  redeem(input: {
    readonly code: string;
    readonly redirectUri: string;
    readonly state: string;
    readonly nonce: string;
    readonly codeVerifier: string;
  }): Promise<Outcome<VerifiedPerson>>;
  /** Checks an id token that a client has obtained by itself. `expiresAt` is unix milliseconds. */
  readIdToken(idToken: string): Promise<Outcome<VerifiedPerson & { readonly expiresAt: number }>>;
};

/** Where people, sessions and everything of single use is kept. Hashes are SHA-256 in hex. */
export type IdentityStore = {
  createOrganisation(row: { readonly id: string; readonly name: string; readonly enrolment: Enrolment }): Promise<void>;
  findOrganisation(id: string): Promise<OrganisationRow | null>;
  countOrganisations(): Promise<number>;
  markFounded(id: string, at: Date): Promise<void>;

  /** False when the username is taken in the organisation. */
  createPerson(row: Pick<PersonRow, 'userId' | 'orgId' | 'username' | 'externalId'>): Promise<boolean>;
  findPersonByUsername(orgId: string, username: string): Promise<PersonRow | null>;
  findPerson(orgId: string, userId: string): Promise<PersonRow | null>;
  findPeople(orgId: string, userIds: readonly string[]): Promise<readonly PersonRow[]>;
  markRegistered(userId: string, at: Date): Promise<void>;

  /** Replaces every unused code of the user. */
  replaceRegistrationCode(row: {
    readonly hash: string;
    readonly orgId: string;
    readonly userId: string;
    readonly expiresAt: Date;
  }): Promise<void>;
  findRegistrationCode(hash: string): Promise<{ readonly userId: string; readonly expiresAt: Date } | null>;
  /** Voids the user's codes; called once the person is registered. */
  consumeRegistrationCodes(userId: string, at: Date): Promise<void>;

  /** Voids the user's former unused codes of the purpose. */
  createCode(row: CodeRow): Promise<void>;
  /** The user's code when the hash is its own; every try counts, and a few wrong ones spend it. */
  tryCodeOf(userId: string, purpose: CodePurpose, hash: string, now: Date): Promise<CodeRow | null>;
  /** The same for a code that is entered by somebody unknown. */
  tryCode(purpose: CodePurpose, hash: string, now: Date): Promise<CodeRow | null>;
  /** True for the one caller who spends it. */
  consumeCode(id: string, now: Date): Promise<boolean>;
  /** Spends every code of the user. */
  voidCodes(userId: string, now: Date): Promise<void>;

  createSession(row: Omit<SessionRow, 'revokedAt' | 'lastSeenAt'>): Promise<void>;
  findSession(jti: string): Promise<SessionRow | null>;
  /** The session with the version that its organisation's governance has reached, in one question: every request asks it. */
  findSignedIn(jti: string): Promise<{ readonly session: SessionRow; readonly governanceVersion: string } | null>;
  /** Unrevoked sessions of a user, newest first, also those past their time. */
  findSessionsOf(orgId: string, userId: string): Promise<readonly SessionRow[]>;
  noteSessionUse(jti: string, at: Date): Promise<void>;
  revokeSession(jti: string, at: Date): Promise<void>;
  /** @param except Id of a session that stays. */
  revokeSessionsOf(orgId: string, userId: string, at: Date, except?: string): Promise<void>;

  createChallenge(row: ChallengeRow): Promise<void>;
  /** An unused, unexpired challenge of that purpose. */
  findChallenge(id: string, purpose: ChallengePurpose, now: Date): Promise<ChallengeRow | null>;
  /** True for the one caller who spends it. */
  consumeChallenge(id: string, now: Date): Promise<boolean>;

  createUserAction(row: UserActionRow): Promise<void>;
  findUserAction(tokenHash: string): Promise<(UserActionRow & { readonly consumedAt: Date | null }) | null>;
  /** True for the one caller who spends it. */
  consumeUserAction(tokenHash: string, now: Date): Promise<boolean>;

  /** False when a counter that moves did not rise: the authenticator may have been cloned. Notes its backup state otherwise. */
  raiseCounter(credentialId: string, counter: number, isBackedUp: boolean): Promise<boolean>;
  /** By credential; absent for those not used since it is noted. */
  findBackups(credentialIds: readonly string[]): Promise<ReadonlyMap<string, BackupRow>>;

  /** Seconds until attempts are heard again; 0 when they are; null when none has failed. */
  lockedFor(attemptId: string, now: Date): Promise<number | null>;
  noteFailure(attemptId: string, now: Date): Promise<void>;
  forgiveFailures(attemptId: string): Promise<void>;

  createSsoLogin(row: {
    readonly hash: string;
    readonly orgId: string;
    readonly redirectUri: string;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** The sign-in for the one caller who spends it; null when it is unknown, spent or too old. */
  consumeSsoLogin(hash: string, now: Date): Promise<{ readonly orgId: string; readonly redirectUri: string } | null>;
  /** True for the one caller who uses a token first. */
  spendIdToken(row: { readonly hash: string; readonly orgId: string; readonly expiresAt: Date }): Promise<boolean>;

  createSetupToken(hash: string, expiresAt: Date): Promise<void>;
  consumeSetupToken(hash: string, now: Date): Promise<boolean>;

  /**
   * Counts one request of at most `perMinute` in the minute that began with the first of them.
   * @returns seconds to wait when there were more, else 0.
   */
  takeRequest(bucketId: string, perMinute: number): Promise<number>;
};
