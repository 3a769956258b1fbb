import { bytesToHex } from '@/lib/domain/hash';
import type { Refusal } from '@/lib/domain/refusal';
import type { Entry, NodeSignature } from '@/lib/ledger/entry';
import { certificatesInForce } from '@/lib/ledger/nodes';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { ActivityRecord, Decision, PolicyRecord } from '@/lib/ledger/records';
import { type Extension, emptyReplica, extendReplica, type Replica } from '@/lib/ledger/replay';
import { find } from '@/lib/ledger/state';
import { checkBundle } from '../check-bundle';
import { checkpointHash } from '../checkpoint';

/** A checkpoint entry of the ledger, with the nodes whose signatures over it hold. */
export type Witnessed = {
  readonly entry: number;
  readonly seq: number;
  readonly root: string;
  readonly at: number;
  readonly nodeSignatures: readonly NodeSignature[];
};

/** The moment at which the signers' own check let bytes be signed. */
export type Sanction = { readonly digest: string; readonly checkpoint: Witnessed };

/** One replay of a ledger that remembers what was about one activity, and where. */
export type Trail = {
  readonly activityId: string;
  readonly replica: Replica;
  /** Entries that count for nothing, by seq. */
  readonly voids: Map<number, { readonly entry: Entry; readonly refusal: Refusal }>;
  request: {
    readonly seq: number;
    readonly entry: Entry;
    readonly body: Uint8Array;
    readonly activity: ActivityRecord;
  } | null;
  readonly votes: { readonly seq: number; readonly entry: Entry; readonly decision: Decision }[];
  /** By digest: the bytes and where they were reserved. */
  readonly reserved: Map<string, { readonly seq: number; readonly unsigned: string; readonly attempt: number }>;
  readonly sanctions: Map<string, Sanction>;
  /** Why the signers' check refused when it last did. */
  lastRefusal: Refusal | null;
  released: { readonly seq: number; readonly entry: Entry } | null;
  /** What the server stated about the chain, oldest first. */
  readonly receipts: { readonly seq: number; readonly entry: Entry }[];
  /** The last checkpoint entry that stands. */
  witnessed: Witnessed | null;
  /** Every version of every policy, by `id@version`. */
  readonly policies: Map<string, PolicyRecord>;
};

export const startTrail = (orgId: string, activityId: string): Trail => ({
  activityId,
  replica: emptyReplica(orgId),
  voids: new Map(),
  request: null,
  votes: [],
  reserved: new Map(),
  sanctions: new Map(),
  lastRefusal: null,
  released: null,
  receipts: [],
  witnessed: null,
  policies: new Map(),
});

type Applied = Extract<Extension, { kind: 'applied' }>;

const noteActivity = (trail: Trail, entry: Entry, body: Uint8Array, activity: ActivityRecord): void => {
  const { seq } = entry;
  trail.request ??= { seq, entry, body, activity };
  if (entry.kind === 'reserve' && activity.reservation) {
    const { digest, unsigned, attempt } = activity.reservation;
    trail.reserved.set(digest, { seq, unsigned, attempt });
  }
  if (entry.kind === 'release') trail.released = { seq, entry };
  if (entry.kind === 'broadcast') trail.receipts.push({ seq, entry });
};

const noteChanges = (trail: Trail, { entry, changes }: Applied, body: Uint8Array, votesBefore: number): void => {
  for (const change of changes) {
    if (change.kind === 'policy') trail.policies.set(`${change.record.id}@${change.record.version}`, change.record);
    if (change.kind === 'activity' && change.record.id === trail.activityId)
      noteActivity(trail, entry, body, change.record);
    if (change.kind !== 'approval' || change.record.subject.id !== trail.activityId) continue;
    const decision = change.record.decisions.at(-1);
    if (entry.kind === 'userAction' && decision && change.record.decisions.length > votesBefore)
      trail.votes.push({ seq: entry.seq, entry, decision });
  }
};

/**
 * Asks the signers' own check at a checkpoint that was just chained: with what lies under it, may the reserved bytes be signed?
 * A ceremony uses only checkpoints that stand in the ledger, so some checkpoint before the release must have let it.
 */
const judge = (trail: Trail, checkpoint: Witnessed, ports: LedgerPorts): void => {
  const { replica, activityId } = trail;
  const activity = find(replica.state, 'activity', activityId);
  if (!activity?.reservation || trail.released) return;
  const { digest, unsigned, attempt } = activity.reservation;
  const { seq, root, at } = checkpoint;
  const judged = checkBundle(
    replica,
    {
      v: 1,
      orgId: replica.orgId,
      activityId,
      head: { seq, root },
      unsigned,
      digests: [digest],
      attempt,
      participants: checkpoint.nodeSignatures.map(({ node }) => node),
    },
    ports,
    { now: at, freshSignedCheckpoints: [{ orgId: replica.orgId, seq, root, at }] },
  );
  if (judged.ok) trail.sanctions.set(digest, { digest, checkpoint });
  else trail.lastRefusal = judged.refusal;
};

const votesOf = (trail: Trail): number => {
  const approvalId = find(trail.replica.state, 'activity', trail.activityId)?.approvalId;
  return approvalId ? (find(trail.replica.state, 'approval', approvalId)?.decisions.length ?? 0) : 0;
};

/** The signatures that hold, one of each node: an entry may carry others beside the k that it needs. */
const validOf = (
  { replica }: Trail,
  entry: Entry,
  checkpoint: Pick<Witnessed, 'seq' | 'root' | 'at'>,
  ports: LedgerPorts,
): NodeSignature[] => {
  const hash = checkpointHash({ orgId: replica.orgId, ...checkpoint });
  const nodes = certificatesInForce(replica.state);
  const holds = ({ node, signature }: NodeSignature): boolean => {
    const certificate = nodes.find((one) => one.node === node);
    return certificate !== undefined && ports.verifyEd25519(certificate.signingKey, hash, signature);
  };
  return [...new Map((entry.nodeSignatures ?? []).filter(holds).map((one) => [one.node, one])).values()];
};

/** Ports for one entry that verify each signature of a node once: both replay and `validOf` ask. */
const askingOnce = (ports: LedgerPorts): LedgerPorts => {
  const answers = new Map<string, boolean>();
  return {
    ...ports,
    verifyEd25519: (publicKey, message, signature) => {
      const name = `${publicKey} ${bytesToHex(message)} ${signature}`;
      const answer = answers.get(name) ?? ports.verifyEd25519(publicKey, message, signature);
      answers.set(name, answer);
      return answer;
    },
  };
};

/** Replays one more entry, with the code that API and signers run, and notes what it was to the activity. */
export const extendTrail = (trail: Trail, bytes: Uint8Array, body: Uint8Array, real: LedgerPorts): Extension => {
  const ports = askingOnce(real);
  const before = votesOf(trail);
  const extension = extendReplica(trail.replica, bytes, body, ports);
  if (extension.kind === 'void')
    trail.voids.set(extension.entry.seq, { entry: extension.entry, refusal: extension.refusal });
  if (extension.kind !== 'applied') return extension;
  noteChanges(trail, extension, body, before);
  const { entry, changes } = extension;
  const stands = entry.kind === 'checkpoint' ? changes.find((change) => change.kind === 'checkpoint') : undefined;
  if (stands?.kind === 'checkpoint') {
    const { seq, root, at } = stands.record;
    const nodeSignatures = validOf(trail, entry, { seq, root, at }, ports);
    trail.witnessed = { entry: entry.seq, seq, root, at, nodeSignatures };
    judge(trail, trail.witnessed, ports);
  }
  return extension;
};
