import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Assertion, CredentialKind } from '@/lib/authentication/statement';
import type { Attestation } from '@/lib/authentication/verify-attestation';

const base64Url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** A credential in software, for tests: it signs as the SDK's key signer or as a browser's authenticator would. */
export type SoftwareCredential = {
  readonly credId: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
  attest(challenge: string): Attestation;
  assert(challenge: string): Assertion;
};

const CURVES = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const;
type KeyType = (typeof CURVES)[number] | 'Ed25519' | 'RSA';

/** What a credential signs with. `sign` stands in for OpenSSL where signatures must be the same in every run. */
export type SigningKeys = {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly id: Buffer;
  readonly sign?: (data: Buffer) => Buffer;
};

const newKeyPair = (type: KeyType) => {
  const namedCurve = CURVES.find((curve) => curve === type);
  if (namedCurve) return generateKeyPairSync('ec', { namedCurve });
  return type === 'RSA' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
};
const digestOf = (type: KeyType) => (type === 'Ed25519' ? null : 'sha256');
const newKeys = (type: KeyType): SigningKeys => ({ ...newKeyPair(type), id: randomBytes(32) });
const signerOf = (type: KeyType, keys: SigningKeys) => (data: Buffer) =>
  keys.sign?.(data) ?? sign(digestOf(type), data, keys.privateKey);

/** A key credential, signing client data as @dfns/sdk-keysigner does. */
export const softwareKey = (
  type: KeyType = 'P-256',
  kind: Exclude<CredentialKind, 'Fido2'> = 'Key',
  keys: SigningKeys = newKeys(type),
): SoftwareCredential => {
  const { privateKey, publicKey } = keys;
  const signData = signerOf(type, keys);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const credId = base64Url(keys.id);
  return {
    credId,
    publicKey: pem,
    privateKey,
    attest: (challenge) => {
      const clientData = Buffer.from(JSON.stringify({ type: 'key.create', challenge }));
      const fingerprint = JSON.stringify({ clientDataHash: sha256(clientData).toString('hex'), publicKey: pem });
      const signature = signData(Buffer.from(fingerprint)).toString('hex');
      return {
        credentialKind: kind,
        ...(kind === 'PasswordProtectedKey' ? { encryptedPrivateKey: 'under a password' } : {}),
        credentialInfo: {
          credId,
          clientData: base64Url(clientData),
          attestationData: base64Url(JSON.stringify({ publicKey: pem, signature })),
        },
      };
    },
    assert: (challenge) => {
      const clientData = Buffer.from(JSON.stringify({ type: 'key.get', challenge }));
      return {
        kind,
        credId,
        clientData: base64Url(clientData),
        signature: base64Url(signData(clientData)),
      };
    },
  };
};

type PasskeyType = 'P-256' | 'Ed25519' | 'RSA';

export type PasskeyOptions = {
  readonly rpId: string;
  readonly origin: string;
  readonly type?: PasskeyType;
  readonly format?: 'none' | 'packed';
  /** User present and user verified. */
  readonly flags?: number;
  readonly counter?: number;
  /** Members added to the client data. */
  readonly clientData?: Readonly<Record<string, unknown>>;
  /** Made anew when absent. */
  readonly keys?: SigningKeys;
};

/** A passkey: what a platform authenticator returns through the browser. */
export const softwarePasskey = (options: PasskeyOptions): SoftwareCredential => {
  const type = options.type ?? 'P-256';
  const keys = options.keys ?? newKeys(type);
  const { privateKey, publicKey, id } = keys;
  const signData = signerOf(type, keys);
  const credId = base64Url(id);
  const flags = options.flags ?? 0x05;
  const header = (extra: number) =>
    Buffer.concat([sha256(Buffer.from(options.rpId)), Buffer.of(flags | extra), uint32(options.counter ?? 0)]);
  const clientDataOf = (ceremony: 'create' | 'get', challenge: string) =>
    Buffer.from(
      JSON.stringify({
        type: `webauthn.${ceremony}`,
        challenge: base64Url(challenge),
        origin: options.origin,
        crossOrigin: false,
        ...options.clientData,
      }),
    );
  return {
    credId,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey,
    attest: (challenge) => {
      const clientData = clientDataOf('create', challenge);
      const authData = Buffer.concat([header(0x40), Buffer.alloc(16), Buffer.of(0, id.length), id, coseKey(publicKey)]);
      const statement: [unknown, unknown][] = [];
      if (options.format === 'packed') {
        const sig = signData(Buffer.concat([authData, sha256(clientData)]));
        statement.push(['alg', ALGORITHMS[type]], ['sig', sig]);
      }
      const object = encodeCbor(
        new Map<unknown, unknown>([
          ['fmt', options.format ?? 'none'],
          ['attStmt', new Map(statement)],
          ['authData', authData],
        ]),
      );
      return {
        credentialKind: 'Fido2',
        credentialInfo: { credId, clientData: base64Url(clientData), attestationData: base64Url(object) },
      };
    },
    assert: (challenge) => {
      const clientData = clientDataOf('get', challenge);
      const authenticatorData = header(0);
      return {
        kind: 'Fido2',
        credId,
        clientData: base64Url(clientData),
        authenticatorData: base64Url(authenticatorData),
        signature: base64Url(signData(Buffer.concat([authenticatorData, sha256(clientData)]))),
      };
    },
  };
};

/** An assertion as requests carry it. */
export const toFirstFactor = ({ kind, ...credentialAssertion }: Assertion) => ({ kind, credentialAssertion });

const ALGORITHMS: Readonly<Record<PasskeyType, number>> = { 'P-256': -7, RSA: -257, Ed25519: -8 };

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const coseKey = (key: KeyObject): Buffer => {
  const jwk = key.export({ format: 'jwk' });
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
  if (jwk.kty === 'EC')
    return encodeCbor(
      new Map<unknown, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(jwk.x)],
        [-3, bytes(jwk.y)],
      ]),
    );
  if (jwk.kty === 'RSA')
    return encodeCbor(
      new Map<unknown, unknown>([
        [1, 3],
        [3, -257],
        [-1, bytes(jwk.n)],
        [-2, bytes(jwk.e)],
      ]),
    );
  return encodeCbor(
    new Map<unknown, unknown>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(jwk.x)],
    ]),
  );
};

/** Enough of RFC 8949 to write attestations. */
export const encodeCbor = (value: unknown): Buffer => {
  if (typeof value === 'number') return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([cborHead(2, value.length), value]);
  if (value instanceof Map) {
    const members = [...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)]);
    return Buffer.concat([cborHead(5, value.size), ...members]);
  }
  throw new TypeError('Only numbers, text, bytes and maps are written.');
};

const cborHead = (major: number, argument: number): Buffer => {
  if (argument < 24) return Buffer.of((major << 5) | argument);
  if (argument < 256) return Buffer.of((major << 5) | 24, argument);
  return Buffer.of((major << 5) | 25, argument >> 8, argument & 0xff);
};
