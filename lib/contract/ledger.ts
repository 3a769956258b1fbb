import { z } from 'zod';
import { nodeCertificate } from './change-requests';
import { timestamp } from './fields';
import type { Operation } from './operation';
import { pageQuery } from './pagination';

const seq = z.number().int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const path = z.array(hash);
/** A place in the ledger, as a query has it. */
const place = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the number of an entry')
  .transform(Number);

/** Inclusion of one entry (RFC 6962): `leaf` is the hash of 0x00 and the entry's canonical bytes, `hash` what the next entry's `prev` holds. */
const entryProof = z.object({ seq, at: seq, hash, leaf: hash, root: hash, path });

/** Consistency of two trees (RFC 6962), named by their last entries. */
const treeProof = z.object({ from: seq, to: seq, fromRoot: hash, toRoot: hash, path });

/** `entrySeq` is where it stands in the ledger. What is signed is said in lib/evidence/checkpoint.ts. */
const checkpoint = z.object({
  entrySeq: seq,
  seq,
  root: hash,
  at: timestamp,
  nodeSignatures: z.array(z.object({ node: z.number().int(), signature: z.string() })),
});

/** A node's signed word about this ledger's head: the head, its way to the root over all organisations, and the signature over root and time. */
const heartbeat = z.object({
  node: z.number().int(),
  at: timestamp,
  root: hash,
  signature: z.string(),
  head: z.object({ orgId: z.string(), seq, root: hash }),
  index: seq,
  size: z.number().int().min(1),
  path,
});

/** What a node found wrong, with the evidence it keeps. */
const alarm = z.object({
  node: z.number().int(),
  code: z.string(),
  subject: z.string(),
  message: z.string(),
  at: timestamp,
  evidence: z.unknown(),
});

/** Who vouches for the ledger, and what they found wrong. */
const witnesses = z.object({
  /** In force now: whose signatures count, and how many are needed. Earlier checkpoints were signed under those in force then. */
  nodes: z.array(nodeCertificate),
  /** Of the genesis, where one of them was replaced since. */
  genesisNodes: z.array(nodeCertificate).optional(),
  threshold: z.number().int(),
  items: z.array(checkpoint),
  nextPageToken: z.string().optional(),
  /** The last of each node. */
  heartbeats: z.array(heartbeat),
  alarms: z.array(alarm),
});

const read = { method: 'GET', access: 'bearer', userAction: false, governs: 'nothing', built: true } as const;

/** What lets anyone check a ledger without believing the server. Every member may read it: it holds hashes and signatures, no entry. */
export const LEDGER: readonly Operation[] = [
  {
    id: 'x.getEntryProof',
    path: '/x/ledger/entries/:seq/proof',
    ...read,
    response: entryProof,
    query: z.object({ at: place.optional() }),
  },
  {
    id: 'x.getConsistencyProof',
    path: '/x/ledger/consistency',
    ...read,
    response: treeProof,
    query: z.object({ from: place, to: place }),
  },
  {
    id: 'x.listCheckpoints',
    path: '/x/ledger/checkpoints',
    ...read,
    response: witnesses,
    query: pageQuery,
  },
];

/** Shapes the console names. */
export const ledgerShapes = { entryProof, treeProof, checkpoint, heartbeat, alarm, witnesses };
