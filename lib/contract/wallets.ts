import { z } from 'zod';
import { correlationId, displayName, emptyBody, idField, refuse, text, timestamp } from './fields';
import { shareExport, shareImport } from './keys';
import { networkName } from './network-name';
import { KEY_CURVES, KEY_SCHEMES } from './networks';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';

/** A tag; policies filter on tags, so they are security-sensitive. */
export const tag = z
  .string()
  .regex(/^[a-zA-Z0-9_.:/+-]{1,100}$/, 'may hold letters, digits and _ . : / + - (1 to 100)');
const tags = z.array(tag).min(1).max(10);

export const wallet = z.object({
  id: z.string(),
  network: networkName,
  address: z.string().optional(),
  signingKey: z.object({
    id: z.string(),
    scheme: z.enum(KEY_SCHEMES),
    curve: z.enum(KEY_CURVES),
    publicKey: z.string(),
    delegatedTo: z.string().optional(),
  }),
  status: z.enum(['Active', 'Inactive', 'Archived']),
  dateCreated: timestamp,
  dateDeleted: timestamp.optional(),
  name: z.string().optional(),
  custodial: z.boolean(),
  externalId: z.string().optional(),
  tags: z.array(z.string()),
  validatorId: z.string().optional(),
});

/** A new wallet, with a new key or (`signingKey.id`) on an existing one. */
export const createWalletBody = z.strictObject({
  network: networkName,
  name: displayName.optional(),
  signingKey: z
    .strictObject({
      id: idField.optional(),
      scheme: z.enum(KEY_SCHEMES).optional(),
      curve: z.enum(KEY_CURVES).optional(),
      ...refuse('storeId', 'deriveFrom'),
    })
    .optional(),
  externalId: correlationId.optional(),
  tags: z.array(tag).max(10).optional(),
  delegateTo: idField.optional(),
  delayDelegation: z.boolean().optional(),
  ...refuse('validatorId'),
});

/** `null` removes the value, an absent member leaves it. */
export const updateWalletBody = z.strictObject({
  name: displayName.nullable().optional(),
  externalId: correlationId.nullable().optional(),
});
export const tagsBody = z.strictObject({ tags });

const assetId = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Native') }),
  z.object({ kind: z.literal('Erc20'), contract: z.string() }),
]);
const assetFacts = z.object({
  symbol: z.string().optional(),
  decimals: z.number().int(),
  verified: z.boolean().optional(),
  balance: z.string(),
  quotes: z.record(z.string(), z.number()).optional(),
});

export const walletAssets = z.object({
  walletId: z.string(),
  network: networkName,
  assets: z.array(z.intersection(assetId, assetFacts)),
  netWorth: z.record(z.string(), z.number()).optional(),
});

const ONE = '/wallets/:walletId';
const read = {
  method: 'GET',
  access: 'bearer',
  userAction: false,
  governs: 'nothing',
  permission: ['Wallets:Read'],
} as const;
const change = { access: 'bearer', userAction: true, governs: 'governance' } as const;
/** A confirmed transfer of a wallet. `policyEvaluations`: what policies on incoming transfers said, where there are any. */
const movement = {
  walletId: z.string(),
  direction: z.enum(['In', 'Out']),
  network: networkName,
  blockNumber: z.number().int(),
  txHash: z.string(),
  /** Index of the token's log in its block. */
  index: z.string().optional(),
  timestamp,
  from: z.string(),
  to: z.string(),
  value: z.string(),
  /** What the wallet paid for its transaction. */
  fee: z.string().optional(),
  metadata: z.object({
    asset: z.object({ symbol: z.string().optional(), decimals: z.number().int().optional() }),
  }),
  policyEvaluations: z.array(z.object({ policyId: z.string(), triggered: z.boolean(), reason: z.string() })).optional(),
};
export const historyItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('NativeTransfer'), ...movement, symbol: z.string(), decimals: z.number().int() }),
  z.object({
    kind: z.literal('Erc20Transfer'),
    ...movement,
    contract: z.string(),
    decimals: z.number().int().optional(),
  }),
]);

/** A confirmed transfer of any wallet, flat as for a spreadsheet. `asset` is the token's contract, or `Native`. */
export const orgHistoryItem = z.object({
  timestamp,
  walletId: z.string(),
  network: networkName,
  direction: z.enum(['In', 'Out']),
  from: z.string(),
  to: z.string(),
  /** Base units. */
  amount: z.string(),
  asset: z.string(),
  symbol: z.string().optional(),
  decimals: z.string().optional(),
  fee: z.string().optional(),
  feeSymbol: z.string().optional(),
  feeDecimals: z.string().optional(),
  txHash: z.string(),
});

const isoTime = z.iso.datetime({ error: 'must be an ISO-8601 UTC time' });

export const WALLETS: readonly Operation[] = [
  {
    id: 'wallets.listWallets',
    path: '/wallets',
    ...read,
    built: true,
    response: pageOf(wallet),
    query: pageQuery.extend({
      owner: text(320).optional(),
      ownerId: idField.optional(),
      ownerUsername: text(320).optional(),
    }),
  },
  {
    id: 'wallets.createWallet',
    method: 'POST',
    path: '/wallets',
    ...change,
    permission: ['Wallets:Create'],
    built: true,
    body: createWalletBody,
    response: wallet,
  },
  { id: 'wallets.getWallet', path: ONE, ...read, built: true, response: wallet },
  {
    id: 'wallets.updateWallet',
    method: 'PUT',
    path: ONE,
    ...change,
    permission: ['Wallets:Update'],
    built: true,
    body: updateWalletBody,
    response: wallet,
  },
  {
    id: 'wallets.tagWallet',
    method: 'PUT',
    path: `${ONE}/tags`,
    ...change,
    permission: ['Wallets:Tags:Add'],
    built: true,
    body: tagsBody,
    response: z.object({}),
  },
  {
    id: 'wallets.untagWallet',
    method: 'DELETE',
    path: `${ONE}/tags`,
    ...change,
    permission: ['Wallets:Tags:Delete'],
    built: true,
    body: tagsBody,
    response: z.object({}),
  },
  {
    id: 'wallets.getWalletAssets',
    path: `${ONE}/assets`,
    ...read,
    built: true,
    query: z.object({ netWorth: z.enum(['true', 'false']).optional() }),
    response: walletAssets,
  },
  { id: 'wallets.getWalletNfts', path: `${ONE}/nfts`, ...read, built: false },
  {
    id: 'wallets.getWalletHistory',
    path: `${ONE}/history`,
    ...read,
    built: true,
    query: pageQuery.extend({
      direction: z.enum(['In', 'Out']).optional(),
      kind: text(64).optional(),
      contract: text(256).optional(),
    }),
    response: pageOf(historyItem).extend({ walletId: z.string(), network: networkName }),
  },
  {
    id: 'wallets.listOrgWalletHistory',
    path: '/wallets/all/history',
    ...read,
    built: true,
    query: pageQuery.extend({ startTime: isoTime, endTime: isoTime }),
    response: pageOf(orgHistoryItem).extend({ orgId: z.string() }),
  },
  {
    id: 'wallets.activateWallet',
    method: 'POST',
    path: `${ONE}/activate`,
    ...change,
    permission: ['Wallets:Create'],
    built: false,
    body: emptyBody,
  },
  {
    id: 'wallets.delegateWallet',
    method: 'POST',
    path: `${ONE}/delegate`,
    ...change,
    permission: ['Keys:Delegate'],
    built: true,
    body: z.strictObject({ userId: idField }),
    response: z.object({ walletId: z.string(), status: z.literal('Delegated') }),
  },
  {
    id: 'wallets.exportWallet',
    method: 'POST',
    path: `${ONE}/export`,
    ...change,
    permission: ['Keys:Export'],
    built: false,
    body: shareExport,
  },
  {
    id: 'wallets.importWallet',
    method: 'POST',
    path: '/wallets/import',
    ...change,
    permission: ['Wallets:Create'],
    built: false,
    body: z.strictObject({ ...shareImport, network: networkName, externalId: correlationId.optional() }),
  },
];
