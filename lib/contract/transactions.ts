import { z } from 'zod';
import { anyObject, emptyBody, evmAddress, evmInteger, externalId, hexData, looseHex, text } from './fields';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';
import { onChainRequest } from './request-shapes';

const common = { externalId: externalId.optional() };
const evm = {
  to: evmAddress.optional(),
  value: evmInteger.optional(),
  data: hexData.optional(),
  nonce: z.union([z.number().int().nonnegative(), evmInteger]).optional(),
  gasLimit: evmInteger.optional(),
};

/** Every transaction the dialect lets people submit (contract §5.4). Integers are decimal or 0x strings. */
export const transactionBody = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('Evm'), ...evm, ...common }),
    z.strictObject({
      kind: z.literal('Eip1559'),
      ...evm,
      maxFeePerGas: evmInteger.optional(),
      maxPriorityFeePerGas: evmInteger.optional(),
      ...common,
    }),
    z.strictObject({ kind: z.literal('Transaction'), transaction: z.union([looseHex, anyObject]), ...common }),
    z.strictObject({ kind: z.literal('Psbt'), psbt: looseHex, ...common }),
    z.strictObject({ kind: z.literal('SignDocDirect'), signDoc: looseHex, ...common }),
    z.strictObject({
      kind: z.literal('UserOperations'),
      userOperations: z
        .array(z.strictObject({ to: evmAddress, value: evmInteger.optional(), data: hexData.optional() }))
        .min(1)
        .max(100),
      // The dialect demands a sponsor here and there is none, so no user operation is ever valid.
      feeSponsorId: z.never({ error: '"feeSponsorId" is not supported' }),
      ...common,
    }),
    z.strictObject({ kind: z.literal('FunctionCall'), call: anyObject, ...common }),
    z.strictObject({ kind: z.literal('TransferPreapproval'), ...common }),
    z.strictObject({
      kind: z.literal('CreateSolanaNonceAccounts'),
      nonceAuthority: text(256).optional(),
      count: z.number().int().min(1).max(8).optional(),
      priority: z.enum(['Slow', 'Standard', 'Fast']).optional(),
      ...common,
    }),
  ],
  { error: 'is not a known transaction kind' },
);

/** Transaction kinds this version carries out. */
export const BUILT_TRANSACTION_KINDS = ['Evm', 'Eip1559'] as const;

/** Request bodies the platform makes itself, seen in answers only. `signedTx` is the transaction that was replaced. */
const replacement = { signedTx: z.string(), externalId: z.string().optional() };
const cancel = z.object({ kind: z.literal('CancelTransaction'), txHash: z.string().optional(), ...replacement });
const speedUp = z.object({ kind: z.literal('SpeedUpTransaction'), txHash: z.string(), ...replacement });

export const transaction = z.object({ ...onChainRequest, requestBody: z.union([transactionBody, cancel, speedUp]) });

const ALL = '/wallets/:walletId/transactions';
const ONE = `${ALL}/:transactionId`;
const read = {
  method: 'GET',
  access: 'bearer',
  userAction: false,
  governs: 'nothing',
  permission: ['Wallets:Transactions:Read'],
  built: true,
} as const;
const act = { access: 'bearer', userAction: true, governs: 'activity' } as const;
const create = ['Wallets:Transactions:Create', 'Wallets:BroadcastTransaction', 'Wallets:Sign'];

export const TRANSACTIONS: readonly Operation[] = [
  {
    id: 'wallets.broadcastTransaction',
    method: 'POST',
    path: ALL,
    ...act,
    built: true,
    permission: create,
    body: transactionBody,
    response: transaction,
  },
  {
    id: 'wallets.listTransactions',
    path: ALL,
    ...read,
    query: pageQuery,
    response: pageOf(transaction).extend({ walletId: z.string() }),
  },
  { id: 'wallets.getTransaction', path: ONE, ...read, response: transaction },
  {
    id: 'wallets.cancelTransaction',
    method: 'POST',
    path: `${ONE}/cancel`,
    ...act,
    built: true,
    permission: create,
    body: emptyBody,
    response: transaction,
  },
  {
    id: 'wallets.speedUpTransaction',
    method: 'POST',
    path: `${ONE}/speed-up`,
    ...act,
    built: true,
    permission: create,
    body: emptyBody,
    response: transaction,
  },
  {
    id: 'wallets.abortTransaction',
    method: 'PUT',
    path: `${ONE}/abort`,
    ...act,
    built: true,
    permission: ['Wallets:Transactions:Abort'],
    body: emptyBody,
    response: transaction,
  },
];
