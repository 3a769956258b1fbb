import crypto from 'node:crypto';

const base64Url = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64url');

/** A Key credential in software, as an SDK user holds one: PKCS#8 PEM and its credential id. */
export type KeyCredential = { readonly credId: string; readonly privateKey: string; readonly publicKey: string };

export const newKeyCredential = (kind: 'P-256' | 'Ed25519' = 'P-256'): KeyCredential => {
  const { publicKey, privateKey } =
    kind === 'P-256'
      ? crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : crypto.generateKeyPairSync('ed25519');
  return {
    credId: base64Url(crypto.randomBytes(32)),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

/** The registration of a Key credential over a challenge (dialect: fingerprint JSON signed, hex signature). */
export const attest = (credential: KeyCredential, challenge: string) => {
  const clientData = JSON.stringify({ type: 'key.create', challenge });
  const clientDataHash = crypto.createHash('sha256').update(clientData).digest('hex');
  const fingerprint = Buffer.from(JSON.stringify({ clientDataHash, publicKey: credential.publicKey }));
  const signature = crypto.sign(undefined, fingerprint, credential.privateKey).toString('hex');
  return {
    credentialKind: 'Key' as const,
    credentialInfo: {
      credId: credential.credId,
      clientData: base64Url(clientData),
      attestationData: base64Url(JSON.stringify({ publicKey: credential.publicKey, signature })),
    },
  };
};
