import type { ChallengeRow } from '@/lib/authentication/ports';
import type { Assertion, CredentialKind } from '@/lib/authentication/statement';
import { type VerifiedAssertion, verifyAssertion } from '@/lib/authentication/verify-assertion';
import { type Outcome, refused } from '@/lib/domain/refusal';
import { originsOf } from '@/lib/ledger/org-settings';
import type { CredentialRecord, OrgRecord } from '@/lib/ledger/records';
import type { Services } from './services';

/** A challenge's answer as requests carry it. */
export type ChallengeAnswer = {
  readonly challengeIdentifier: string;
  readonly firstFactor: {
    readonly kind: Exclude<CredentialKind, 'RecoveryKey'>;
    readonly credentialAssertion: Readonly<Record<string, string | null | undefined>>;
  };
};

/** The assertion of an answer: only the members that are signed or needed, without those a client left null. */
export const assertionOf = ({ firstFactor }: ChallengeAnswer): Assertion => {
  const members = Object.entries(firstFactor.credentialAssertion).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return { kind: firstFactor.kind, ...Object.fromEntries(members) } as Assertion;
};

/**
 * Checks an answer under a credential, and that a passkey's counter rose (contract §2.4). The challenge is spent only by a
 * good answer; of several at once one wins. Refused with 401 otherwise.
 */
export const acceptAnswer = async (
  input: {
    readonly row: ChallengeRow;
    readonly assertion: Assertion;
    readonly credential: CredentialRecord;
    readonly org: OrgRecord;
  },
  services: Services,
): Promise<Outcome<VerifiedAssertion>> => {
  const { row, assertion, credential, org } = input;
  const verified = verifyAssertion({
    assertion,
    challenge: row.challenge,
    credential,
    rpId: credential.rpId ?? org.genesis.rpId,
    origins: originsOf(org),
    verify: services.verifyCredential,
  });
  if (!verified.ok) return verified;
  if (!(await services.identity.consumeChallenge(row.id, new Date(services.now())))) {
    return refused(400, 'authentication.challenge_invalid', 'Challenge token is not valid.');
  }
  const { counter, backup } = verified.value;
  const isBackedUp = backup?.isBackedUp === true;
  if (counter !== null && !(await services.identity.raiseCounter(credential.id, counter, isBackedUp))) {
    services.log.warn(
      { credentialId: credential.id, counter },
      'the counter of a passkey did not rise: it may have been cloned',
    );
    return refused(401, 'authentication.bad_assertion', 'Not Authorized.', {
      reason: 'The counter of the passkey did not rise.',
    });
  }
  return verified;
};

/** A key that nobody has: its x coordinate is the SHA-256 of “countersign/nobody/1”. */
const NOBODYS_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1XllhFtVL82En0+ETTDeLIG/SSUG
hifMHbbCo5d5rPqvyB40+eHTkVgzKtPBcuAfYSG8Rq5RAh2bwJz8cCB6QA==
-----END PUBLIC KEY-----`;

/** Judges an answer of somebody unknown, for as long as that of a person with a passkey takes. What comes out counts for nothing. */
export const judgeStranger = (
  { row, assertion }: { readonly row: ChallengeRow; readonly assertion: Assertion },
  { settings, verifyCredential }: Services,
): void => {
  verifyAssertion({
    assertion,
    challenge: row.challenge,
    credential: { kind: assertion.kind, credId: assertion.credId, publicKey: NOBODYS_KEY },
    rpId: settings.rpId,
    origins: settings.origins,
    verify: verifyCredential,
  });
};
