import { z } from 'zod';
import { credentialKind } from './credential-shapes';
import { idField, timestamp } from './fields';
import { networkName } from './network-name';
import type { Operation } from './operation';
import { pageOf, pageQuery } from './pagination';

/** A bound of a range: an entry number, or a time. */
export type AuditBound = { readonly seq: number } | { readonly at: number };

const bound = z
  .union([z.string().regex(/^\d{1,15}$/), z.iso.datetime()], {
    error: 'must be an entry number or an ISO-8601 UTC time',
  })
  .transform((text): AuditBound => (/^\d+$/.test(text) ? { seq: Number(text) } : { at: Date.parse(text) }));

/** What is asked about, not how the ledger names it: each covers kinds of entries. */
export const AUDIT_TOPICS = ['people', 'signers', 'chain', 'checkpoints'] as const;

/** An entry of the ledger in words. All of it but the name is read from the entry's own bytes. */
const auditEntry = z.object({
  /** Its place; the first is 0. */
  seq: z.number().int(),
  /** Hash of the entry's canonical bytes, lower-case hex: what the next entry's `prev` holds. */
  hash: z.string(),
  /** The id under which `/auth/action/logs` knows it. */
  id: z.string(),
  at: timestamp,
  kind: z.string(),
  /** `METHOD /path` as signed, or the kind. */
  action: z.string(),
  summary: z.string(),
  by: z.enum(['person', 'signers', 'server']),
  userId: z.string().nullable(),
  username: z.string().nullable(),
  tokenId: z.string().nullable(),
  /** The credential's own id, as authenticators know it. */
  credentialId: z.string().nullable(),
  /** The activity or change request it is about. */
  subject: z.string().nullable(),
});

/** An entry with everything its hashes are over. */
const auditEntryDetail = auditEntry.extend({
  /** Canonical text of the entry as chained (RFC 8785), and the exact bytes of its body, base64url. */
  entry: z.string(),
  body: z.string(),
  credential: z
    .object({ uuid: z.string(), kind: credentialKind, name: z.string(), publicKey: z.string(), isActive: z.boolean() })
    .nullable(),
});

/** A transaction out of a wallet that stands on a chain and not in the ledger. */
const chainAlarm = z.object({
  walletId: z.string(),
  network: networkName,
  address: z.string(),
  nonce: z.number().int(),
  txHash: z.string().nullable(),
  /** The ledger knows nothing of it, knows a request that nobody signed, or one whose place was taken. */
  reason: z.enum(['unknown', 'unsigned', 'replaced']),
  dateNoticed: timestamp,
});

export const auditShapes = { auditEntry, auditEntryDetail, chainAlarm };

const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;

/** The ledger as an audit log: a page, a stream of all that fits, one entry; and what chains say that the ledger does not. */
export const AUDIT: readonly Operation[] = [
  {
    // `format` turns the answer into a stream: application/x-ndjson (with the canonical bytes) or text/csv, oldest first.
    id: 'x.listAuditEntries',
    path: '/x/audit/entries',
    ...read,
    permission: ['Auth:Logs:Read'],
    query: pageQuery.extend({
      userId: idField.optional(),
      topic: z.enum(AUDIT_TOPICS).optional(),
      from: bound.optional(),
      to: bound.optional(),
      format: z.enum(['ndjson', 'csv']).optional(),
    }),
    response: pageOf(auditEntry),
  },
  {
    id: 'x.getAuditEntry',
    path: '/x/audit/entries/:seq',
    ...read,
    permission: ['Auth:Logs:Read'],
    response: auditEntryDetail,
  },
  {
    // Everybody may know that money moved behind the ledger's back.
    id: 'x.listChainAlarms',
    path: '/x/audit/chain-alarms',
    ...read,
    response: z.object({ items: z.array(chainAlarm) }),
  },
];
