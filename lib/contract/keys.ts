import { z } from 'zod';
import { displayName, emptyBody, idField, looseHex, refuse, text, timestamp } from './fields';
import { networkName } from './network-name';
import { KEY_CURVES, KEY_SCHEMES } from './networks';
import type { Operation } from './operation';
import { listOf, pageOf, pageQuery } from './pagination';

const scheme = z.enum(KEY_SCHEMES);
const curve = z.enum(KEY_CURVES);

/** `publicKey` is hex without 0x: 33 bytes compressed on secp256k1, 32 bytes on ed25519. */
export const key = z.object({
  id: z.string(),
  scheme,
  curve,
  publicKey: z.string(),
  masterKey: z.boolean().optional(),
  derivedFrom: z.object({ keyId: z.string(), path: z.string() }).optional(),
  name: z.string().optional(),
  status: z.enum(['Active', 'Archived']),
  custodial: z.boolean(),
  dateCreated: timestamp,
  imported: z.boolean().optional(),
  exported: z.boolean().optional(),
  dateExported: timestamp.optional(),
  dateDeleted: timestamp.optional(),
});

export const keyWithUse = key.extend({
  wallets: z.array(z.object({ id: z.string(), network: networkName })),
  store: z.object({
    id: z.string(),
    kind: z.enum(['Mpc', 'Hsm', 'OfflineSigner']),
    keyId: z.string(),
    derivationPath: z.string().optional(),
  }),
});

const PAIRS = ['ECDSA/secp256k1', 'ECDSA/stark', 'EdDSA/ed25519', 'Schnorr/secp256k1', 'DH/secp256k1'];

/** Whether the scheme exists on the curve (contract §5.1). */
export const isKeyPair = (schemeName: string, curveName: string): boolean =>
  PAIRS.includes(`${schemeName}/${curveName}`);

/** Whether this version can generate keys of that scheme and curve; the handler answers 501 for the others. */
export const isBuiltKeyPair = (schemeName: string, curveName: string): boolean =>
  `${schemeName}/${curveName}` === 'ECDSA/secp256k1';

export const createKeyBody = z
  .strictObject({
    scheme,
    curve,
    name: displayName.optional(),
    delegateTo: idField.optional(),
    delayDelegation: z.boolean().optional(),
    ...refuse('masterKey', 'deriveFrom', 'storeId'),
  })
  .refine((body) => isKeyPair(body.scheme, body.curve), {
    path: ['curve'],
    error: `scheme and curve don't go together; known: ${PAIRS.join(', ')}`,
  });

/** `null` takes the name away. */
export const updateKeyBody = z.strictObject({ name: displayName.nullable() });

const protocol = z.enum(['CGGMP24', 'CGGMP21', 'FROST', 'FROST_BITCOIN', 'GLOW20_DH', 'KU23']);

/** Body of the export calls, which answer 501: no complete key, ever (design §6). */
export const shareExport = z.strictObject({
  encryptionKey: z.string().min(1).max(8192),
  supportedSchemes: z.array(z.strictObject({ protocol, curve })).min(1).max(20),
});

/** Members the import calls have in common; they answer 501 too. */
export const shareImport = {
  name: displayName.optional(),
  curve,
  protocol,
  minSigners: z.number().int().min(1),
  encryptedKeyShares: z
    .array(z.strictObject({ signerId: text(256), encryptedKeyShare: z.string().min(1) }))
    .min(1)
    .max(100),
};

const ONE = '/keys/:keyId';
const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;
const later = { method: 'POST', access: 'bearer', userAction: true, governs: 'governance', built: false } as const;

export const KEYS: readonly Operation[] = [
  {
    id: 'keys.listKeys',
    path: '/keys',
    ...read,
    permission: ['Keys:Read'],
    query: pageQuery.extend({ owner: text(320).optional() }),
    response: pageOf(key),
  },
  {
    id: 'keys.createKey',
    path: '/keys',
    ...later,
    built: true,
    permission: ['Keys:Create'],
    body: createKeyBody,
    response: key,
  },
  { id: 'keys.getKey', path: ONE, ...read, permission: ['Keys:Read'], response: keyWithUse },
  {
    id: 'keys.updateKey',
    path: ONE,
    ...later,
    method: 'PUT',
    built: true,
    permission: ['Keys:Update'],
    body: updateKeyBody,
    response: key,
  },
  {
    id: 'keys.deleteKey',
    path: ONE,
    ...later,
    method: 'DELETE',
    permission: ['Keys:Delete'],
    body: emptyBody,
    response: key,
  },
  {
    id: 'keys.delegateKey',
    path: `${ONE}/delegate`,
    ...later,
    built: true,
    permission: ['Keys:Delegate'],
    body: z.strictObject({ delegateTo: idField }),
    response: z.object({ keyId: z.string(), status: z.literal('Delegated') }),
  },
  {
    id: 'keys.deriveKey',
    path: `${ONE}/derive`,
    ...later,
    permission: ['Keys:Derive'],
    body: z.strictObject({ domain: looseHex, seed: looseHex }),
    response: z.object({ output: z.string() }),
  },
  { id: 'keys.exportKey', path: `${ONE}/export`, ...later, permission: ['Keys:Export'], body: shareExport },
  {
    id: 'keys.importKey',
    path: '/keys/import',
    ...later,
    permission: ['Keys:Import'],
    body: z.strictObject({ ...shareImport, masterKey: z.boolean().optional() }),
    response: key,
  },
  {
    id: 'signers.listSigners',
    path: '/signers',
    ...read,
    built: false,
    permission: ['Signers:ListSigners'],
    response: z.object({
      clusters: z.array(
        z.object({
          clusterId: z.string(),
          signers: z.array(z.object({ signerId: z.string(), encryptionKey: z.string() })),
        }),
      ),
    }),
  },
  {
    id: 'signers.listKeyStores',
    path: '/key-stores',
    ...read,
    permission: ['KeyStores:Read'],
    response: listOf(
      z.object({
        id: z.string(),
        kind: z.enum(['Mpc', 'Hsm', 'OfflineSigner']),
        name: z.string().optional(),
        primary: z.boolean(),
      }),
    ),
  },
];
