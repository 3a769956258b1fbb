import { z } from 'zod';
import { certificateBody, nodeCertificate } from './change-requests';
import { timestamp } from './fields';
import type { Operation } from './operation';

const certificateState = z.object({
  certificate: nodeCertificate,
  lostStores: z.number().int(),
  dateUpdated: timestamp,
});

const signer = z.object({
  node: z.number().int(),
  signingKey: z.string(),
  region: z.string(),
  connected: z.boolean(),
  lastSeen: timestamp.nullable(),
  clockOffsetMs: z.number().nullable(),
  head: z.object({ seq: z.number().int(), hash: z.string() }).nullable(),
  selfTest: z.boolean(),
  /** Its store is older than its peers remember: it signs nothing until an operator decides. */
  quarantined: z.boolean(),
  /** Set-ups with the other nodes; a pair can sign once one of them is READY. */
  pairs: z.array(
    z.object({ peer: z.number().int(), state: z.string(), epochs: z.array(z.number()), highest: z.number() }),
  ),
  /** It stopped following this organisation's ledger, and why. */
  stopped: z.boolean(),
  stopReason: z.string().nullable(),
  /** Its own machine has stopped it, for everything or for this organisation; only that machine lifts it. */
  frozen: z.boolean(),
  /** Of its identity key, as its terminal prints it. */
  fingerprint: z.string(),
  /** The one in force; the genesis' own while none replaced it. */
  certificate: nodeCertificate,
  /** How many stores of it were declared lost: it holds no share of keys made before the last of them. */
  lostStores: z.number().int(),
  /** Keys it holds no share of. */
  keysWithoutShare: z.number().int(),
  /** Another certificate that waits for approval. */
  pending: z
    .object({ changeRequestId: z.string(), approvalId: z.string(), fingerprint: z.string(), kind: z.string() })
    .nullable(),
  /** Fingerprint of other keys with which somebody last connected as this node; compare it with the node's terminal. */
  claimedBy: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
  backend: z.string(),
  unaudited: z.boolean(),
});

/** Why a signer took no part in signing a request; node 0 is the coordinator. */
const refusal = z.object({
  activityId: z.string(),
  node: z.number().int(),
  code: z.string(),
  message: z.string(),
  at: timestamp,
});

/** Who can sign with a key: the nodes whose store took part in making it; and the ledger entry where all of them confirmed it. */
const keyHolders = z.object({
  threshold: z.number().int(),
  nodes: z.number().int(),
  holders: z.array(z.number().int()),
  made: z.object({ seq: z.number().int(), at: timestamp, nodes: z.array(z.number().int()) }).nullable(),
});

const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;

/** The signer nodes, what they refused, and which of them hold a key. */
export const SIGNERS: readonly Operation[] = [
  {
    id: 'x.replaceCertificate',
    path: '/x/signers/:node/certificate',
    method: 'POST',
    access: 'bearer',
    userAction: true,
    governs: 'governance',
    built: true,
    permission: ['Policies:Update'],
    body: certificateBody,
    response: certificateState,
    mayAnswer202: true,
  },
  {
    id: 'x.listSigners',
    path: '/x/signers',
    ...read,
    response: z.object({ threshold: z.number().int(), items: z.array(signer) }),
  },
  {
    id: 'x.listSignerRefusals',
    path: '/x/signers/refusals',
    ...read,
    permission: ['Policies:Approvals:Read'],
    response: z.object({ items: z.array(refusal) }),
  },
  {
    id: 'x.getKeyHolders',
    path: '/x/keys/:keyId/holders',
    ...read,
    permission: ['Keys:Read', 'Wallets:Read'],
    response: keyHolders,
  },
];
/** Shapes the console and client name. */
export const signerShapes = { signer, keyHolders, refusal };
