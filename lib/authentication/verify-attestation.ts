import { parseJson } from '@/lib/contract/json';
import { concatBytes, fromBase64Url, hexToBytes, sha256, sha256Hex, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { VerifyCredentialSignature } from '@/lib/ledger/ports';
import { readAuthenticatorData, rpIdHash } from './authenticator-data';
import { type Cbor, isCborMap, readCbor } from './cbor';
import { checkClientData } from './client-data';
import { coseToPem } from './cose';
import { parsePublicKey, spkiToPem } from './pem';
import type { CredentialKind } from './statement';
import type { Backup } from './verify-assertion';

/** A new credential's proof as the dialect carries it (contract §2.4); the three texts of `credentialInfo` are base64url. */
export type Attestation = {
  readonly credentialKind: CredentialKind;
  readonly credentialInfo: { readonly credId: string; readonly clientData: string; readonly attestationData: string };
  /** The private key under its owner's password, kept as it came; absent for passkeys and plain keys. */
  readonly encryptedPrivateKey?: string;
};

export type AttestationInput = {
  readonly attestation: Attestation;
  /** The challenge string that was issued. */
  readonly challenge: string;
  readonly rpId: string;
  readonly origins: readonly string[];
  readonly verify: VerifyCredentialSignature;
};

export type AttestedCredential = {
  readonly kind: Attestation['credentialKind'];
  readonly credId: string;
  /** SPKI PEM. */
  readonly publicKey: string;
  /** The authenticator's counter at registration; null for keys. */
  readonly counter: number | null;
  /** Absent for keys. */
  readonly backup?: Backup;
  readonly rpId?: string;
  readonly origin?: string;
};

/** Checks that the holder of a new key answered this challenge with it. Refuses with 400 naming what is wrong. */
export const verifyAttestation = (input: AttestationInput): Outcome<AttestedCredential> => {
  if (!CRED_ID.test(input.attestation.credentialInfo.credId))
    return bad('The credential id is not base64url of at most 1024 symbols.');
  return input.attestation.credentialKind === 'Fido2' ? verifyPasskey(input) : verifyKey(input);
};

const CRED_ID = /^[A-Za-z0-9_+/-]{1,1024}={0,2}$/;

const verifyKey = ({ attestation, challenge, origins, verify }: AttestationInput): Outcome<AttestedCredential> => {
  const { credId, clientData, attestationData } = attestation.credentialInfo;
  const checked = checkClientData(clientData, { kind: 'Key', ceremony: 'create', challenge, origins });
  if (!checked.ok) return bad(checked.reason);
  const proof = readKeyProof(attestationData);
  if (proof === null) return bad('The attestation data is not {publicKey, signature}.');
  const parsed = parsePublicKey(proof.publicKey);
  if (parsed === null)
    return bad(
      'The public key is not a PEM of an accepted kind (P-256, P-384, P-521, secp256k1, Ed25519, RSA from 2048 bits).',
    );
  // The signer signed this very text: two members in this order, the PEM as it sent it.
  const fingerprint = JSON.stringify({ clientDataHash: sha256Hex(checked.bytes), publicKey: proof.publicKey });
  const isSigned = verify({
    publicKey: proof.publicKey,
    data: utf8ToBytes(fingerprint),
    signature: proof.signature,
    algorithm: proof.algorithm,
  });
  if (!isSigned) return bad('The attestation signature does not verify.');
  return accepted({ kind: attestation.credentialKind, credId, publicKey: spkiToPem(parsed.spki), counter: null });
};

const readKeyProof = (
  attestationData: string,
): { publicKey: string; signature: Uint8Array; algorithm?: string } | null => {
  const bytes = fromBase64Url(attestationData);
  const parsed = bytes && parseJson(bytes);
  if (!parsed?.ok || typeof parsed.value !== 'object' || parsed.value === null) return null;
  const { publicKey, signature, algorithm } = parsed.value as Readonly<Record<string, unknown>>;
  if (typeof publicKey !== 'string' || typeof signature !== 'string' || !/^(?:[0-9a-fA-F]{2})+$/.test(signature))
    return null;
  if (algorithm !== undefined && typeof algorithm !== 'string') return null;
  return { publicKey, signature: hexToBytes(signature.toLowerCase()), algorithm };
};

const verifyPasskey = ({
  attestation,
  challenge,
  rpId,
  origins,
  verify,
}: AttestationInput): Outcome<AttestedCredential> => {
  const { credId, clientData, attestationData } = attestation.credentialInfo;
  const checked = checkClientData(clientData, { kind: 'Fido2', ceremony: 'create', challenge, origins });
  if (!checked.ok) return bad(checked.reason);
  const object = readAttestationObject(attestationData);
  if (object === null) return bad('The attestation object is malformed.');
  const data = readAuthenticatorData(object.authData);
  const key = data?.attested && coseToPem(data.attested.publicKey);
  if (!data?.attested) return bad('The authenticator data holds no new credential.');
  if (!key) return bad('The passkey uses another algorithm than ES256, RS256 or EdDSA.');
  if (data.rpIdHash !== rpIdHash(rpId)) return bad('The passkey was made for another relying party.');
  if (!data.userPresent || !data.userVerified) return bad('The authenticator did not verify its user.');
  const sent = fromBase64Url(credId);
  const canonicalId = toBase64Url(data.attested.credId);
  if (sent === null || toBase64Url(sent) !== canonicalId)
    return bad('The credential id is not the one that was attested.');
  const signed = concatBytes(object.authData, sha256(checked.bytes));
  const isGenuine =
    (object.format === 'none' && object.statement.size === 0) ||
    (object.format === 'packed' && isSelfAttested(object.statement, key, signed, verify));
  if (!isGenuine) return bad('The attestation is neither none nor a valid self attestation.');
  return accepted({
    kind: 'Fido2',
    credId: canonicalId,
    publicKey: key.publicKey,
    counter: data.counter,
    backup: { isEligible: data.isBackupEligible, isBackedUp: data.isBackedUp },
    rpId,
    origin: checked.origin,
  });
};

const readAttestationObject = (text: string) => {
  const bytes = fromBase64Url(text);
  const item = bytes && readCbor(bytes);
  if (!item || item.end !== bytes.length || !isCborMap(item.value)) return null;
  const [format, statement, authData] = [item.value.get('fmt'), item.value.get('attStmt'), item.value.get('authData')];
  if (typeof format !== 'string' || !isCborMap(statement) || !(authData instanceof Uint8Array)) return null;
  return { format, statement, authData };
};

/** Packed attestation without certificates: signed by the new key itself (WebAuthn level 2, section 8.2). */
const isSelfAttested = (
  statement: ReadonlyMap<number | string, Cbor>,
  key: { readonly algorithm: number; readonly publicKey: string },
  data: Uint8Array,
  verify: VerifyCredentialSignature,
): boolean => {
  const signature = statement.get('sig');
  return (
    !statement.has('x5c') &&
    statement.get('alg') === key.algorithm &&
    signature instanceof Uint8Array &&
    verify({ publicKey: key.publicKey, data, signature })
  );
};

const bad = (reason: string) => refused(400, 'authentication.bad_attestation', reason);
