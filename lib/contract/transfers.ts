import { z } from 'zod';
import { amount, emptyBody, evmAddress, externalId, refuse, text } from './fields';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';
import { onChainRequest } from './request-shapes';
import { transaction } from './transactions';

/** How fast a transfer should be mined; sets the fee, never the intent. */
const priority = z.enum(['Slow', 'Standard', 'Fast']).optional();
const common = { externalId: externalId.optional(), ...refuse('travelRule', 'feeSponsorId') };
/** Shape by network family is checked by the handler, which knows the wallet. */
const to = z.string().min(1).max(256);
const memo = z.string().max(256).optional();
const token = text(256);

const built = [
  z.strictObject({
    kind: z.literal('Native'),
    to,
    amount,
    priority,
    ...common,
    ...refuse('memo', 'createDestinationAccount', 'offer', 'expiresAt', 'useDurableNonce'),
  }),
  z.strictObject({ kind: z.literal('Erc20'), contract: evmAddress, to: evmAddress, amount, priority, ...common }),
] as const;

const fungible = <K extends string, S extends z.core.$ZodLooseShape>(kind: K, members: S) =>
  z.strictObject({ kind: z.literal(kind), to, amount, ...members, ...common });
const collectible = <K extends string, S extends z.core.$ZodLooseShape>(kind: K, members: S) =>
  z.strictObject({ kind: z.literal(kind), to, ...members, ...common });
const solana = {
  mint: token,
  memo,
  createDestinationAccount: z.boolean().optional(),
  useDurableNonce: z.boolean().optional(),
};

/** Every transfer of the dialect (contract §5.4); a kind outside the union is 400, one that isn't built 501. */
export const transferBody = z.discriminatedUnion(
  'kind',
  [
    ...built,
    collectible('Erc721', { contract: evmAddress, tokenId: amount, priority }),
    fungible('Erc7984', { contract: evmAddress, priority }),
    fungible('Aip21', { metadata: token }),
    fungible('Asa', { assetId: token, memo }),
    fungible('Asset', { assetId: token }),
    fungible('Cip56', { instrumentAdmin: token, instrumentId: token, offer: z.boolean().optional() }),
    fungible('Cis2', { tokenAddress: token }),
    fungible('Cis7', { tokenId: token, memo }),
    fungible('Coin', { coin: token }),
    collectible('Hip17', { tokenId: token, serialNumber: token, memo }),
    fungible('Hts', { tokenId: token, memo }),
    fungible('Iou', { currency: token, issuer: token, memo }),
    fungible('Sep41', { issuer: token, assetCode: token, memo }),
    fungible('Snip2', { contract: token }),
    collectible('Snip3', { contract: token, tokenId: token }),
    fungible('Spl', solana),
    fungible('Spl2022', solana),
    fungible('Tep74', { master: token, memo }),
    fungible('Trc10', { tokenId: token }),
    fungible('Trc20', { contract: token }),
    collectible('Trc721', { contract: token, tokenId: token }),
    fungible('Xls33', { issuanceId: token, memo }),
  ],
  { error: 'is not a known transfer kind' },
);

/** Transfer kinds this version carries out. */
export const BUILT_TRANSFER_KINDS = ['Native', 'Erc20'] as const;

export const transfer = z.object({
  ...onChainRequest,
  requestBody: transferBody,
  metadata: z.object({
    asset: z.object({
      symbol: z.string().optional(),
      decimals: z.number().int().optional(),
      verified: z.boolean().optional(),
      quotes: z.record(z.string(), z.number()).optional(),
    }),
  }),
  feeSponsorId: z.string().optional(),
});

const ALL = '/wallets/:walletId/transfers';
const ONE = `${ALL}/:transferId`;
const read = {
  method: 'GET',
  access: 'bearer',
  userAction: false,
  governs: 'nothing',
  permission: ['Wallets:Transfers:Read'],
  built: true,
} as const;
const act = { access: 'bearer', userAction: true, governs: 'activity' } as const;
/** Replacing a transaction needs, besides, `Wallets:Transfers:Read`: the handler asks. */
const replace = ['Wallets:Transactions:Create', 'Wallets:BroadcastTransaction', 'Wallets:Sign'];

export const TRANSFERS: readonly Operation[] = [
  {
    id: 'wallets.transferAsset',
    method: 'POST',
    path: ALL,
    ...act,
    built: true,
    permission: ['Wallets:Transfers:Create', 'Wallets:Sign'],
    body: transferBody,
    response: transfer,
  },
  {
    id: 'wallets.listTransfers',
    path: ALL,
    ...read,
    query: pageQuery,
    response: pageOf(transfer).extend({ walletId: z.string() }),
  },
  { id: 'wallets.getTransfer', path: ONE, ...read, response: transfer },
  {
    id: 'wallets.cancelTransfer',
    method: 'POST',
    path: `${ONE}/cancel`,
    ...act,
    built: true,
    permission: replace,
    body: emptyBody,
    response: transaction,
  },
  {
    id: 'wallets.speedUpTransfer',
    method: 'POST',
    path: `${ONE}/speed-up`,
    ...act,
    built: true,
    permission: replace,
    body: emptyBody,
    response: transaction,
  },
  {
    id: 'wallets.abortTransfer',
    method: 'PUT',
    path: `${ONE}/abort`,
    ...act,
    built: true,
    permission: ['Wallets:Transfers:Abort'],
    body: emptyBody,
    response: transfer,
  },
];
