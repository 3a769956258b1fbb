import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyCredentialSignature } from './node-verifier';
import { type SoftwareCredential, softwarePasskey } from './testing/software-credentials';
import { assertionVectors, attestationVectors, CHALLENGE, RP, TYPES, type Vector } from './testing/webauthn-vectors';
import { verifyAssertion } from './verify-assertion';
import { type Attestation, verifyAttestation } from './verify-attestation';

/** Two verifiers judge every vector: SimpleWebAuthn and our own, which signer nodes run. */
type Passkey = {
  readonly type: (typeof TYPES)[number];
  readonly key: SoftwareCredential;
  readonly cose: Uint8Array<ArrayBuffer>;
};
const expectedChallenge = Buffer.from(CHALLENGE).toString('base64url');

const theirsOnRegistration = async ({ credentialInfo }: Attestation): Promise<Uint8Array<ArrayBuffer> | null> => {
  const { credId, clientData, attestationData } = credentialInfo;
  const response = { clientDataJSON: clientData, attestationObject: attestationData };
  const verified = await verifyRegistrationResponse({
    response: { id: credId, rawId: credId, type: 'public-key', clientExtensionResults: {}, response },
    expectedChallenge,
    expectedOrigin: RP.origin,
    expectedRPID: RP.rpId,
    supportedAlgorithmIDs: [-7, -257, -8],
    requireUserVerification: true,
  }).catch(() => null);
  return verified?.verified ? verified.registrationInfo.credential.publicKey : null;
};
const oursOnRegistration = (attestation: Attestation): boolean =>
  verifyAttestation({
    attestation,
    challenge: CHALLENGE,
    rpId: RP.rpId,
    origins: [RP.origin],
    verify: verifyCredentialSignature,
  }).ok;

type Answer = ReturnType<typeof assertionVectors>[number]['answer'];
const theirsOnAssertion = async (
  { key, cose }: Passkey,
  { credId, clientData, authenticatorData, signature }: Answer,
): Promise<boolean> => {
  const verified = await verifyAuthenticationResponse({
    response: {
      id: credId,
      rawId: credId,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: clientData, authenticatorData, signature },
    },
    expectedChallenge,
    expectedOrigin: RP.origin,
    expectedRPID: RP.rpId,
    credential: { id: key.credId, publicKey: cose, counter: 0 },
    requireUserVerification: true,
  }).catch(() => null);
  return verified?.verified === true;
};
const oursOnAssertion = ({ key }: Passkey, assertion: Answer): boolean =>
  verifyAssertion({
    assertion,
    challenge: CHALLENGE,
    credential: { kind: 'Fido2', credId: key.credId, publicKey: key.publicKey },
    rpId: RP.rpId,
    origins: [RP.origin],
    verify: verifyCredentialSignature,
  }).ok;

/**
 * Where ours refuses and SimpleWebAuthn does not, with the reason. Nothing that SimpleWebAuthn refuses may pass ours: the test says so
 * of every vector.
 */
const STRICTER: Readonly<Record<string, string>> = {
  'a byte order mark': 'client data is JSON by our own parser, which takes no byte order mark',
  'bytes that are not UTF-8': 'client data must be UTF-8',
  'the challenge twice, the good one last': 'no member may stand twice: readers differ in which they take',
  'the origin twice, the good one last': 'no member may stand twice: readers differ in which they take',
  'a foreign page': 'passkeys are never used inside a foreign page (contract §2.4)',
  'a text as crossOrigin': 'only false and absence say that the page is our own',
  'a page around it': 'passkeys are never used inside another page (contract §2.4)',
  'a page around it that is said to be the same': 'SimpleWebAuthn looks at it at sign-in only',
  'the id of another credential': 'SimpleWebAuthn leaves the choice of the credential to its caller',
  'an id of 1,024 bytes': 'an id has at most 1,023 bytes (WebAuthn §7.1)',
  'self attestation with another algorithm': 'the attested algorithm is the one of the key (WebAuthn §8.2)',
  'a byte behind the object': 'nothing may follow the attestation object',
  'cut off': 'the attestation object must be complete',
  'byte 1 of the signature': 'signatures are strict DER',
  'a byte behind it': 'signatures are strict DER',
};

const judge = async <T>(
  vectors: readonly Vector<T>[],
  ours: (answer: T) => boolean,
  theirs: (answer: T) => Promise<boolean>,
) => {
  const wrong: string[] = [];
  let agreed = 0;
  for (const { name, step, answer } of vectors) {
    const [mine, other] = [ours(answer), await theirs(answer)];
    if (mine !== (step === 'none')) wrong.push(`${name} (${step}): ours ${mine ? 'passes' : 'refuses'}`);
    if (mine === other) agreed += 1;
    else if (mine || STRICTER[name] === undefined) wrong.push(`${name} (${step}): ours ${mine}, theirs ${other}`);
  }
  return { wrong, agreed };
};

describe('WebAuthn by two verifiers', () => {
  let passkeys: Passkey[];
  const total = { agreed: 0, steps: new Set<string>() };
  beforeAll(async () => {
    passkeys = await Promise.all(
      TYPES.map(async (type) => {
        const key = softwarePasskey({ ...RP, type });
        const cose = await theirsOnRegistration(key.attest(CHALLENGE));
        if (!cose) throw new Error(`SimpleWebAuthn takes no ${type} passkey.`);
        return { type, key, cose };
      }),
    );
  });

  test.each(TYPES)('assertions of a %s passkey with one thing changed', async (type) => {
    const passkey = passkeys.find((item) => item.type === type) as Passkey;
    const vectors = assertionVectors(type, passkey.key);
    const { wrong, agreed } = await judge(
      vectors,
      (answer) => oursOnAssertion(passkey, answer),
      (answer) => theirsOnAssertion(passkey, answer),
    );
    expect(wrong).toEqual([]);
    total.agreed += agreed;
    for (const { step } of vectors) total.steps.add(step);
  });

  test.each(TYPES)('registrations of a %s passkey with one thing changed', async (type) => {
    const { key, cose } = passkeys.find((item) => item.type === type) as Passkey;
    const vectors = attestationVectors(type, key, cose);
    const { wrong, agreed } = await judge(
      vectors,
      oursOnRegistration,
      async (answer) => (await theirsOnRegistration(answer)) !== null,
    );
    expect(wrong).toEqual([]);
    total.agreed += agreed;
    for (const { step } of vectors) total.steps.add(step);
  });

  test('the two agree on at least 400 of them, and every step of the standard has a vector', () => {
    expect(total.agreed).toBeGreaterThanOrEqual(400);
    expect([...total.steps].sort()).toEqual([
      'algorithm',
      'attestation',
      'backup state',
      'cbor',
      'challenge',
      'credential',
      'crossOrigin',
      'json',
      'length',
      'none',
      'origin',
      'rpIdHash',
      'signature',
      'topOrigin',
      'type',
      'user present',
      'user verified',
    ]);
  });
});
