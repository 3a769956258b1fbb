import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { NodeCertificate } from '@/lib/ledger/genesis';
import { certificateProofHash } from '@/lib/ledger/nodes';
import { SPEC_VERSION } from '@/lib/mpc/dkls23/parameters';
import type { SecretIdentity } from '@/lib/transport/envelope';
import { newAgreementKey, newSigningKey, rawPublicKey } from '@/lib/transport/keys';
import { type KeyWrapper, openRecord, sealRecord } from './sealed-records';

/** A node's long-lived keys and the certificate that the genesis of every organisation it serves must contain. */
export type Identity = {
  readonly certificate: NodeCertificate;
  readonly secret: SecretIdentity;
  /** Ed25519 signature over a 32-byte hash, hex. */
  readonly sign: (hash: Uint8Array) => string;
};

type IdentityOptions = { readonly node: number; readonly region: string; readonly wrapper: KeyWrapper };

const CURRENT = 'identity.json';
/** Made by `enrol --renew`; taken up as soon as a ledger has its certificate in force. */
const NEXT = 'identity-next.json';

/**
 * Reads `<directory>/identity.json`, making fresh keys at the first start. The private keys in it are sealed.
 * @throws when it belongs to another node number.
 */
export const loadIdentity = (directory: string, options: IdentityOptions): Identity => {
  const file = path.join(directory, CURRENT);
  if (!fs.existsSync(file)) create(file, options);
  return readIdentity(file, options);
};

/** The keys this node goes on with once they are in force, or null. @throws when they belong to another node number. */
export const loadNextIdentity = (directory: string, options: Omit<IdentityOptions, 'region'>): Identity | null => {
  const file = path.join(directory, NEXT);
  return fs.existsSync(file) ? readIdentity(file, options) : null;
};

/** Makes the keys to go on with, unless there are some already. */
export const makeNextIdentity = (directory: string, options: IdentityOptions): Identity => {
  const file = path.join(directory, NEXT);
  if (!fs.existsSync(file)) create(file, options);
  return readIdentity(file, options);
};

/** The next identity becomes the node's own; the old keys are gone for good. */
export const takeUpNextIdentity = (directory: string): void =>
  fs.renameSync(path.join(directory, NEXT), path.join(directory, CURRENT));

/** What an operator takes to the console to put the certificate in force. */
export const enrolmentOf = ({ certificate, sign }: Identity) => ({
  certificate,
  proof: sign(certificateProofHash(certificate)),
});

const readIdentity = (file: string, options: Omit<IdentityOptions, 'region'>): Identity => {
  const { certificate, secretKeys } = Stored.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  if (certificate.node !== options.node) {
    throw new Error(
      `${file} belongs to node ${certificate.node}, and this process was started as node ${options.node}.`,
    );
  }
  const opened = openRecord(Buffer.from(secretKeys, 'base64'), certificate, options.wrapper);
  const parsed = SecretKeys.parse(JSON.parse(Buffer.from(opened).toString('utf8')));
  opened.fill(0);
  const signingKey = privateKey(parsed.signing);
  const agreementKey = privateKey(parsed.agreement);
  if (rawPublicKey(signingKey) !== certificate.signingKey || rawPublicKey(agreementKey) !== certificate.agreementKey) {
    throw new Error(`${file} names other public keys than it holds.`);
  }
  return {
    certificate,
    secret: { node: certificate.node, signingKey, agreementKey },
    sign: (hash) => sign(null, hash, signingKey).toString('hex'),
  };
};

const Stored = z.strictObject({
  certificate: z.strictObject({
    node: z.number(),
    signingKey: z.string(),
    agreementKey: z.string(),
    region: z.string(),
    specVersion: z.string().optional(),
  }),
  secretKeys: z.string(),
});
const SecretKeys = z.strictObject({ signing: z.string(), agreement: z.string() });

const create = (file: string, options: IdentityOptions): void => {
  const signing = newSigningKey();
  const agreement = newAgreementKey();
  const certificate: NodeCertificate = {
    node: options.node,
    signingKey: rawPublicKey(signing.publicKey),
    agreementKey: rawPublicKey(agreement.publicKey),
    region: options.region,
    specVersion: SPEC_VERSION,
  };
  const secret = Buffer.from(
    JSON.stringify({ signing: exported(signing.privateKey), agreement: exported(agreement.privateKey) }),
  );
  const sealed = Buffer.from(sealRecord(secret, certificate, options.wrapper)).toString('base64');
  secret.fill(0);
  const handle = fs.openSync(`${file}.new`, 'w', 0o600);
  fs.writeSync(handle, JSON.stringify({ certificate, secretKeys: sealed }));
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(`${file}.new`, file);
};

const exported = (key: KeyObject): string => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const privateKey = (text: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
