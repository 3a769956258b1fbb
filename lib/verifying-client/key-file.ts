import crypto from 'node:crypto';
import fs from 'node:fs';
import { type CredentialSigner, UsageError } from './credential';

/** A Key credential as `@dfns/sdk-keysigner` takes it; `algorithm` is the hash, absent for Ed25519 and the default. */
export type KeyFile = { readonly credId: string; readonly privateKey: string; readonly algorithm?: string };

const FORM = 'a JSON object {"credId", "privateKey"}, or a line "credId: …" followed by the private key in PEM';

const fromJson = (text: string): KeyFile | null => {
  try {
    const { credId, privateKey, algorithm } = JSON.parse(text);
    if (typeof credId !== 'string' || typeof privateKey !== 'string') return null;
    return { credId, privateKey, ...(typeof algorithm === 'string' && { algorithm }) };
  } catch {
    return null;
  }
};

const fromPem = (text: string): KeyFile | null => {
  const credId = text
    .split('\n')
    .map((line) => /^#? {0,8}credId: {0,8}(\S+)$/.exec(line.trim())?.[1])
    .find((found) => found !== undefined);
  const privateKey = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/.exec(text)?.[0];
  return credId && privateKey ? { credId, privateKey: `${privateKey}\n` } : null;
};

/** Reads a credential from a file. @throws {UsageError} naming the file, never its content. */
export const readKeyFile = (file: string): KeyFile => {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`The key file ${file} can’t be read.`);
  }
  const found = text.trimStart().startsWith('{') ? fromJson(text) : fromPem(text);
  if (!found) throw new UsageError(`The key file ${file} is not ${FORM}.`);
  try {
    crypto.createPrivateKey(found.privateKey);
  } catch {
    throw new UsageError(`The key file ${file} holds no private key that this machine can read.`);
  }
  return found;
};

/** Whether anybody but the file's owner may read it; false where the system does not say. */
export const isOpenToOthers = (file: string): boolean =>
  process.platform !== 'win32' && (fs.statSync(file).mode & 0o077) !== 0;

/** Signs with a Key credential, byte for byte as `@dfns/sdk-keysigner` does. */
export const keySigner = ({ credId, privateKey, algorithm }: KeyFile): CredentialSigner => ({
  sign: async ({ challenge, allowCredentials }) => {
    if (!allowCredentials.key.some((one) => one.id === credId))
      throw new UsageError(
        'The server does not know the credential of this key file for this person, or nobody has vouched for it.',
      );
    const clientData = Buffer.from(JSON.stringify({ type: 'key.get', challenge }));
    return {
      kind: 'Key',
      credentialAssertion: {
        credId,
        clientData: clientData.toString('base64url'),
        signature: crypto.sign(algorithm, clientData, privateKey).toString('base64url'),
      },
    };
  },
});
