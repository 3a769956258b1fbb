import { COSE_ALGORITHMS } from '@/lib/authentication/cose';
import type { ChallengeRow } from '@/lib/authentication/ports';
import { RECOVERY_LIFE_MS, type RecoveryStatement } from '@/lib/authentication/recovery';
import type { CredentialKind } from '@/lib/authentication/statement';
import { hashParts, toBase64Url } from '@/lib/domain/hash';
import { newId } from '@/lib/domain/ids';
import { refused } from '@/lib/domain/refusal';
import { CREDENTIAL_CODE_LIFE_MS } from '@/lib/ledger/credential-codes';
import { isFirstFactor } from '@/lib/ledger/live';
import type { CredentialRecord } from '@/lib/ledger/records';
import type { OrgState } from '@/lib/ledger/state';
import type { Services, Settings } from './services';

/** How long challenges can be answered, milliseconds (contract §2.3). A statement lives at most 5 minutes to its entry. */
export const CHALLENGE_LIFE_MS = {
  login: 300_000,
  registration: 900_000,
  credential: 300_000,
  userAction: 295_000,
  recovery: RECOVERY_LIFE_MS,
  credentialCode: CREDENTIAL_CODE_LIFE_MS,
} as const;

/**
 * Keeps a new challenge.
 * @param challenge The string to be signed; 32 random bytes under a tag of the purpose where absent, so that no answer to one
 * kind of challenge is one to another.
 */
export const issueChallenge = async (
  row: Pick<ChallengeRow, 'purpose' | 'orgId' | 'userId'> &
    Partial<
      Pick<ChallengeRow, 'jti' | 'challenge' | 'statement' | 'recovery' | 'allowCredentials' | 'attempt' | 'expiresAt'>
    >,
  services: Pick<Services, 'identity' | 'now' | 'random'>,
): Promise<ChallengeRow> => {
  const issued: ChallengeRow = {
    id: newId('challenge', services.random),
    jti: null,
    challenge: toBase64Url(hashParts(`countersign/${row.purpose}/1`, services.random(32))),
    statement: null,
    recovery: null,
    allowCredentials: [],
    attempt: null,
    expiresAt: new Date(services.now() + CHALLENGE_LIFE_MS[row.purpose]),
    ...row,
  };
  await services.identity.createChallenge(issued);
  return issued;
};

export const challengeInvalid = () => refused(400, 'authentication.challenge_invalid', 'Challenge token is not valid.');

/** Credentials with which a person signs in or signs user actions: active, not a token's, not for recovery. */
export const signingCredentials = (state: OrgState, userId: string): CredentialRecord[] =>
  state.tables.credential.by('userId', userId).filter((item) => item.isActive && isFirstFactor(item));

type Named = Pick<CredentialRecord, 'kind' | 'credId' | 'encryptedPrivateKey'>;
const refs = (credentials: readonly Named[], kind: 'Key' | 'Fido2') =>
  credentials.filter((item) => item.kind === kind).map((item) => ({ type: 'public-key' as const, id: item.credId }));

const FIRST_FACTORS = ['Fido2', 'Key', 'PasswordProtectedKey'] as const;

const relyingParty = ({ rpId }: Pick<Settings, 'rpId'>) => ({ id: rpId, name: 'Countersign' });

/** Keys that lie under their owner's password; the member is absent where there are none. */
const underPassword = (credentials: readonly Named[]) => {
  const own = credentials.filter((item) => item.kind === 'PasswordProtectedKey');
  const passwordProtectedKey = own.map(({ credId, encryptedPrivateKey = '' }) => ({
    type: 'public-key' as const,
    id: credId,
    encryptedPrivateKey,
  }));
  return own.length > 0 ? { passwordProtectedKey } : {};
};

/** What login and user actions are answered with first (contract §2.3). */
export const signingChallengeView = (row: ChallengeRow, credentials: readonly Named[], settings: Settings) => ({
  challenge: row.challenge,
  challengeIdentifier: row.id,
  rp: relyingParty(settings),
  supportedCredentialKinds: FIRST_FACTORS.map((kind) => ({
    kind,
    factor: 'first' as const,
    requiresSecondFactor: false,
  })),
  userVerification: 'required' as const,
  attestation: 'none' as const,
  allowCredentials: {
    key: refs(credentials, 'Key'),
    ...underPassword(credentials),
    webauthn: refs(credentials, 'Fido2'),
  },
  externalAuthenticationUrl: '',
});

const creation = (existing: readonly Named[]) => ({
  authenticatorSelection: {
    residentKey: 'preferred' as const,
    requireResidentKey: false,
    userVerification: 'required' as const,
  },
  attestation: 'none' as const,
  pubKeyCredParams: COSE_ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
  excludeCredentials: refs(existing, 'Fido2'),
});

const userView = (userId: string, username: string) => ({ id: userId, displayName: username, name: username });

/** What a registration begins with. */
export const registrationChallengeView = (
  input: { readonly userId: string; readonly username: string; readonly challenge: string; readonly token: string },
  settings: Settings,
) => ({
  user: userView(input.userId, input.username),
  temporaryAuthenticationToken: input.token,
  challenge: input.challenge,
  rp: relyingParty(settings),
  supportedCredentialKinds: { firstFactor: FIRST_FACTORS, secondFactor: [] },
  ...creation([]),
  otpUrl: '',
});

/** What a recovery begins with: the same, and the recovery key that completes it. */
export const recoveryChallengeView = (
  input: Parameters<typeof registrationChallengeView>[0] & {
    readonly key: Named;
    readonly statement: RecoveryStatement;
  },
  settings: Settings,
) => ({
  ...registrationChallengeView(input, settings),
  allowedRecoveryCredentials: [{ id: input.key.credId, encryptedRecoveryKey: input.key.encryptedPrivateKey ?? '' }],
  statement: input.statement,
});

/** What adding a credential begins with. */
export const credentialChallengeView = (
  input: {
    readonly kind: CredentialKind;
    readonly userId: string;
    readonly username: string;
    readonly row: ChallengeRow;
    readonly existing: readonly Named[];
  },
  settings: Settings,
) => {
  const { authenticatorSelection, attestation, pubKeyCredParams, excludeCredentials } = creation(input.existing);
  return {
    kind: input.kind,
    user: userView(input.userId, input.username),
    challengeIdentifier: input.row.id,
    challenge: input.row.challenge,
    rp: relyingParty(settings),
    attestation,
    pubKeyCredParams,
    ...(input.kind === 'Fido2' ? { authenticatorSelection, excludeCredentials } : {}),
    temporaryAuthenticationToken: input.row.id,
  };
};
