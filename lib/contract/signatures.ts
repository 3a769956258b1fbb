import { z } from 'zod';
import { requester } from './change-requests';
import { anyObject, evmAddress, externalId, looseHex, notSupported, text, timestamp } from './fields';
import { networkName } from './network-name';
import { FAMILIES } from './networks';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';
import { signatureStatus, signatureValue } from './request-shapes';

const common = {
  network: networkName.optional(),
  blockchainKind: z.enum(FAMILIES).exclude(['KeyOnly']).optional(),
  externalId: externalId.optional(),
};
const typeTable = z.record(z.string(), z.array(z.strictObject({ name: text(256), type: text(256) })));
const chainId = z.union([z.number().int().nonnegative(), text(80)]).optional();
const wholeNumber = z.number().int().nonnegative();

/** Everything the dialect can sign (contract §5.2). Hex may carry 0x or not. */
export const signatureBody = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('Hash'),
      hash: z.string().regex(/^(?:0x)?[0-9a-fA-F]{64}$/, 'must be 32 bytes of hexadecimal'),
      taprootMerkleRoot: notSupported('taprootMerkleRoot'),
      ...common,
    }),
    z.strictObject({ kind: z.literal('Message'), message: looseHex, ...common }),
    z.strictObject({ kind: z.literal('Eip191'), message: looseHex, ...common }),
    z.strictObject({
      kind: z.literal('Eip712'),
      types: typeTable,
      domain: z.strictObject({
        name: z.string().max(1000).optional(),
        version: z.string().max(1000).optional(),
        chainId,
        verifyingContract: evmAddress.optional(),
        salt: looseHex.optional(),
      }),
      message: anyObject,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('Eip7702'),
      address: evmAddress,
      nonce: wholeNumber,
      chainId: wholeNumber,
      ...common,
    }),
    z.strictObject({ kind: z.literal('Transaction'), transaction: z.union([looseHex, anyObject]), ...common }),
    z.strictObject({ kind: z.literal('Psbt'), psbt: looseHex, ...common }),
    z.strictObject({
      kind: z.literal('Bip322'),
      message: looseHex,
      format: z.enum(['Simple', 'Full']).optional(),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('Snip12'),
      primaryType: text(256),
      types: typeTable,
      domain: z.strictObject({
        name: z.string().max(1000).optional(),
        version: z.string().max(1000).optional(),
        chainId,
        revision: z.union([z.number(), z.string().max(80)]).optional(),
      }),
      message: anyObject,
      ...common,
    }),
    z.strictObject({ kind: z.literal('SignDocDirect'), signDoc: looseHex, ...common }),
    z.strictObject({ kind: z.literal('SignerPayload'), payload: z.union([looseHex, anyObject]), ...common }),
    z.strictObject({
      kind: z.literal('Cip8'),
      payload: looseHex.optional(),
      externalAad: looseHex.optional(),
      context: z.literal('Signature1'),
      ...common,
    }),
  ],
  { error: 'is not a known signature kind' },
);

/** Signature kinds this version carries out. */
export const BUILT_SIGNATURE_KINDS = ['Hash', 'Message'] as const;

export const signatureRequest = z.object({
  id: z.string(),
  keyId: z.string(),
  walletId: z.string().optional(),
  requester,
  requestBody: signatureBody,
  status: signatureStatus,
  reason: z.string().optional(),
  signature: signatureValue.optional(),
  signatures: z.array(signatureValue).optional(),
  signedData: z.string().optional(),
  network: networkName.optional(),
  txHash: z.string().optional(),
  fee: z.string().optional(),
  approvalId: z.string().optional(),
  dateRequested: timestamp,
  datePolicyResolved: timestamp.optional(),
  dateSigned: timestamp.optional(),
  dateConfirmed: timestamp.optional(),
  externalId: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** A signature asked for through a wallet always names wallet and network. */
export const walletSignatureRequest = signatureRequest.extend({ walletId: z.string(), network: networkName });

const create = ['Keys:Signatures:Create', 'Wallets:GenerateSignature', 'Wallets:Sign'];

const family = <R extends z.ZodType>(
  domain: 'keys' | 'wallets',
  root: string,
  readPermission: readonly string[],
  one: R,
): readonly Operation[] => {
  const read = {
    method: 'GET',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    permission: readPermission,
    built: true,
  } as const;
  return [
    {
      id: `${domain}.generateSignature`,
      method: 'POST',
      path: `${root}/signatures`,
      access: 'bearer',
      userAction: true,
      permission: create,
      governs: 'activity',
      built: true,
      body: signatureBody,
      response: one,
    },
    {
      id: `${domain}.listSignatures`,
      path: `${root}/signatures`,
      ...read,
      query: pageQuery,
      response: pageOf(one).extend({ keyId: z.string() }),
    },
    { id: `${domain}.getSignature`, path: `${root}/signatures/:signatureId`, ...read, response: one },
  ];
};

export const SIGNATURES: readonly Operation[] = [
  ...family('keys', '/keys/:keyId', ['Keys:Signatures:Read'], signatureRequest),
  ...family('wallets', '/wallets/:walletId', ['Keys:Signatures:Read', 'Wallets:Read'], walletSignatureRequest),
];
