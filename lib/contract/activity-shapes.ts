import { z } from 'zod';
import {
  assignmentChangeRequest,
  certificateChangeRequest,
  enrolmentChangeRequest,
  permissionChangeRequest,
  requester,
  roleRulesChangeRequest,
  settingsChangeRequest,
  tagsChangeRequest,
  unfreezeChangeRequest,
} from './change-requests';
import { timestamp } from './fields';
import { networkName } from './network-name';
import { approvalGroup, policyChangeRequest } from './policies';
import { chainStatus, signatureStatus } from './request-shapes';
import { signatureRequest } from './signatures';
import { transaction } from './transactions';
import { transfer } from './transfers';

/** What a request really does; null is *unknown*, which policies count as the worst. */
export const facts = z.object({
  kind: z.enum(['transfer', 'contractCall', 'signature']),
  network: z.string(),
  recipient: z.string().nullable(),
  asset: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('Native') }),
      z.object({ kind: z.literal('Erc20'), contract: z.string() }),
    ])
    .nullable(),
  amount: z.string().nullable(),
  quote: z.object({ usd: z.string(), decimals: z.number().int(), symbol: z.string().optional() }).nullable(),
  feeCeiling: z.string().nullable(),
  /** Price of the native asset where the fee counts into amounts. */
  feeQuote: z.object({ usd: z.string(), decimals: z.number().int() }).nullable().optional(),
});

export const activity = z.object({
  id: z.string(),
  kind: z.enum(['Transfer', 'Transaction', 'Signature']),
  walletId: z.string().optional(),
  keyId: z.string(),
  network: networkName.optional(),
  requester,
  status: z.union([chainStatus, signatureStatus]),
  subStatus: z.string().optional(),
  reason: z.string().optional(),
  approvalId: z.string().optional(),
  externalId: z.string().optional(),
  /** The ended request that this one asks for again. */
  recreates: z.string().optional(),
  /** The request whose call this one repeats at a higher fee. */
  speedsUp: z.string().optional(),
  /** The request whose place it takes, so that nothing of it happens. */
  cancels: z.string().optional(),
  /** A policy lets it wait: no signature before. */
  notBefore: timestamp.optional(),
  dateRequested: timestamp,
  facts,
});

/**
 * A request's own ledger entry, for a client that believes no summary: the stored canonical text of the leaf, whose hash is the
 * digest, and the exact body bytes (base64url), whose hash is the leaf's `bodyHash`.
 */
export const entry = z.object({ leaf: z.string(), body: z.string() });

const evaluations = z.array(
  z.object({
    policyId: z.string(),
    version: z.string(),
    triggered: z.boolean(),
    reason: z.string(),
    compared: z.unknown().optional(),
    action: z.enum(['Block', 'NoAction', 'RequestApproval']),
  }),
);

/** How a request came to its decision and what happened since. */
const story = z.object({
  /** Hash of the request's ledger entry: what an approval is given to. */
  digest: z.string(),
  entry: entry.nullable(),
  /** What the policies said when they decided last. */
  evaluations,
  /** What they said before that, oldest first, of a request that was judged again before its signature. */
  former: z.array(z.object({ at: timestamp, evaluations })).optional(),
  groups: z.array(z.object({ policyId: z.string(), index: z.number().int(), ...approvalGroup.shape })),
  /** When people were asked: escalations count from then. */
  dateAsked: timestamp.optional(),
  decisions: z.array(
    z.object({
      userId: z.string(),
      value: z.enum(['Approved', 'Denied']),
      reason: z.string().nullable(),
      date: timestamp,
      /** Whether the vote still counts: its credential and permission are in force. */
      live: z.boolean(),
      /** People whose seats the voter could take, by delegations in force at the vote. */
      inPlaceOf: z.array(z.string()).optional(),
    }),
  ),
  timeline: z.array(
    z.object({
      at: timestamp,
      what: z.string(),
      seq: z.number().int().optional(),
      by: z.string().optional(),
      /** Of the person, where it was one. */
      byId: z.string().optional(),
    }),
  ),
});

export const activityDetail = activity.extend({
  ...story.shape,
  request: z.union([transfer, transaction, signatureRequest]),
  /** Of a speed-up: the request whose call it repeats, with that one's own ledger entry. */
  repeats: z.object({ id: z.string(), digest: z.string(), entry: entry.nullable() }).optional(),
  /** The bytes that were reserved last, hex: what it bids is read from them. */
  unsigned: z.string().optional(),
  /** Why signer nodes did not sign; node 0 is the coordinator. */
  refusals: z.array(z.object({ node: z.number().int(), code: z.string(), message: z.string(), at: timestamp })),
});

/** A change of governance that waits or waited for approval. */
export const changeRequestDetail = story.extend({
  id: z.string(),
  change: z.union([
    policyChangeRequest,
    permissionChangeRequest,
    roleRulesChangeRequest,
    assignmentChangeRequest,
    unfreezeChangeRequest,
    enrolmentChangeRequest,
    certificateChangeRequest,
    settingsChangeRequest,
    tagsChangeRequest,
  ]),
  /** Why it was rejected or could not be applied. */
  reason: z.string().optional(),
});
