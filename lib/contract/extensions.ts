import { z } from 'zod';
import { activity, activityDetail, changeRequestDetail, entry, facts } from './activity-shapes';
import { orgSettings, roleRules } from './change-requests';
import { credentialBackup } from './credential-shapes';
import { idField, text, timestamp } from './fields';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';
import { permission } from './permissions';
import { chainStatus, signatureStatus } from './request-shapes';
import { tag, wallet } from './wallets';

/** Absent `walletId`: the whole organisation. */
export const freezeBody = z.strictObject({ walletId: idField.optional() });
const freezeState = z.object({ walletId: z.string().optional(), frozen: z.boolean(), dateUpdated: timestamp });

/** Fingerprint two people compare: `SHA256:` and the base64 SHA-256 of the public key's SPKI DER. */
export const vouchBody = z.strictObject({
  credentialUuid: idField,
  fingerprint: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'must be SHA256: and a base64 hash'),
});

/** Tags to take from a wallet. The governed way: a `strict` organisation has no other for tags that policies go by. */
export const tagChangeBody = z.strictObject({ walletId: idField, remove: z.array(tag).min(1).max(10) });

/** The only step there is: from `server` to `vouched` (design §4.3). */
const enrolmentBody = z.strictObject({ enrolment: z.literal('vouched') });
const enrolmentState = z.object({ enrolment: z.enum(['server', 'vouched']), dateUpdated: timestamp });

/** A person's key as a voucher compares it. */
const userCredential = z.object({
  uuid: z.string(),
  kind: z.string(),
  name: z.string(),
  publicKey: z.string(),
  fingerprint: z.string(),
  introduced: z.boolean(),
  isActive: z.boolean(),
  backup: credentialBackup.optional(),
  dateCreated: timestamp,
});

const organisation = z.object({
  id: z.string(),
  name: z.string(),
  /** Hash of the genesis, lower-case hex, and the form people compare. */
  genesis: z.string(),
  fingerprint: z.string(),
  /** The first admin has signed the genesis; before, signers refuse everything. */
  confirmed: z.boolean(),
  enrolment: z.enum(['server', 'vouched']),
  strict: z.boolean(),
  rpId: z.string(),
  origins: z.array(z.string()),
  sessions: orgSettings.shape.sessions,
  signers: z.number().int(),
  threshold: z.number().int(),
  profile: z.string(),
  mainnet: z.boolean(),
  frozen: z.boolean(),
  frozenWalletIds: z.array(z.string()),
});

const ledgerHead = z.object({
  seq: z.number().int(),
  hash: z.string(),
  root: z.string(),
  checkpoint: z
    .object({
      seq: z.number().int(),
      root: z.string(),
      at: timestamp,
      nodeSignatures: z.array(z.object({ node: z.number().int(), signature: z.string() })),
    })
    .nullable(),
});

/** A message of the live-update stream: something changed, fetch it again. It never carries the thing itself. */
export const liveEvent = z.object({
  kind: z.enum([
    'activity',
    'approval',
    'policy',
    'permission',
    'user',
    'wallet',
    'key',
    'organisation',
    'signers',
    'ledger',
  ]),
  id: z.string(),
  seq: z.number().int().optional(),
});

const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;
const act = { method: 'POST', access: 'bearer', userAction: true, governs: 'governance', built: true } as const;
/** Any of them lets people see activities; the handler leaves out those the caller may not read. */
export const readsActivities = [
  'Wallets:Read',
  'Wallets:Transfers:Read',
  'Wallets:Transactions:Read',
  'Keys:Signatures:Read',
  'Policies:Approvals:Read',
];

/** What this platform adds to the dialect: always under /x/, never a new meaning for an existing path (design §6). */
export const EXTENSIONS: readonly Operation[] = [
  {
    id: 'x.freeze',
    path: '/x/freeze',
    ...act,
    permission: ['Policies:Create'],
    body: freezeBody,
    response: freezeState,
  },
  {
    id: 'x.unfreeze',
    path: '/x/unfreeze',
    ...act,
    permission: ['Policies:Create'],
    body: freezeBody,
    response: freezeState,
    mayAnswer202: true,
  },
  {
    id: 'x.requireVouching',
    path: '/x/enrolment',
    ...act,
    permission: ['Policies:Update'],
    body: enrolmentBody,
    response: enrolmentState,
    mayAnswer202: true,
  },
  {
    id: 'x.changeSettings',
    path: '/x/organisation/settings',
    ...act,
    permission: ['Policies:Update'],
    body: orgSettings,
    response: orgSettings.extend({ dateUpdated: timestamp }),
    mayAnswer202: true,
  },
  {
    id: 'x.setRoleRules',
    path: '/x/permissions/:permissionId/rules',
    ...act,
    permission: ['Permissions:Update'],
    body: roleRules,
    response: permission,
    mayAnswer202: true,
  },
  {
    id: 'x.vouchUser',
    path: '/x/users/:userId/vouch',
    ...act,
    permission: ['Permissions:Assign'],
    body: vouchBody,
    response: z.object({ userId: z.string(), credentialUuid: z.string(), introduced: z.boolean() }),
  },
  {
    id: 'x.createTagChange',
    path: '/x/tag-changes',
    ...act,
    permission: ['Wallets:Tags:Delete'],
    body: tagChangeBody,
    response: wallet,
    mayAnswer202: true,
  },
  {
    // No `permission`: everybody may read their own; the handler asks for Auth:Users:Read for anybody else's.
    id: 'x.listUserCredentials',
    path: '/x/users/:userId/credentials',
    ...read,
    response: z.object({ items: z.array(userCredential) }),
  },
  { id: 'x.getOrganisation', path: '/x/organisation', ...read, response: organisation },
  {
    id: 'x.listActivities',
    path: '/x/activities',
    ...read,
    permission: readsActivities,
    response: pageOf(activity),
    query: pageQuery.extend({
      status: z.union([chainStatus, signatureStatus]).optional(),
      kind: z.enum(['Transfer', 'Transaction', 'Signature']).optional(),
      walletId: idField.optional(),
      keyId: idField.optional(),
      initiatorId: idField.optional(),
      search: text(256).optional(),
    }),
  },
  {
    id: 'x.getActivity',
    path: '/x/activities/:activityId',
    ...read,
    permission: readsActivities,
    response: activityDetail,
  },
  {
    id: 'x.getChangeRequest',
    path: '/x/change-requests/:changeRequestId',
    ...read,
    permission: ['Policies:Approvals:Read'],
    response: changeRequestDetail,
  },
  { id: 'x.getLedgerHead', path: '/x/ledger/head', ...read, response: ledgerHead },
  { id: 'x.streamEvents', path: '/x/events', ...read, response: liveEvent, answers: 'events' },
];
/** Shapes the console and client name. */
export const extensionShapes = {
  organisation,
  userCredential,
  facts,
  entry,
  activity,
  activityDetail,
  changeRequestDetail,
  ledgerHead,
  freezeState,
};
