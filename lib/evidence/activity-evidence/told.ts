import type { Json } from '@/lib/domain/canonical-json';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { genesisFingerprint } from '@/lib/ledger/genesis';
import { intentOfActivity } from '@/lib/ledger/intent';
import { certificatesOf } from '@/lib/ledger/nodes';
import { originsOf } from '@/lib/ledger/org-settings';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { ActivityRecord, OrgRecord } from '@/lib/ledger/records';
import { renderingDigest, renderingOf } from '@/lib/ledger/rendering';
import { all, find } from '@/lib/ledger/state';
import { parseBody, resolveOperation } from '@/lib/ledger/user-action';
import type { Evaluation } from '@/lib/policy/policy';
import { sayFacts } from './says';
import type { Trail } from './trail';

export type Told = { readonly [part: string]: Json };

const json = (value: unknown): Json => value as Json;

/** Evaluations with the definition each was made under, as it then stood in the ledger. */
const policiesOf = (trail: Trail, evaluations: readonly Evaluation[]): Json =>
  evaluations.map((one) => ({
    ...one,
    definition: json(trail.policies.get(`${one.policyId}@${one.version}`)?.definition ?? null),
  }));

const organisationOf = (org: OrgRecord): Json => ({
  orgId: org.id,
  genesis: org.genesisHash,
  fingerprint: genesisFingerprint(org.genesisHash),
  rpId: org.genesis.rpId,
  origins: [...originsOf(org)],
  threshold: org.genesis.k,
  nodes: certificatesOf(org).map(({ node, signingKey, region }) => ({ node, signingKey, region })),
});

/** The words that approvers read on their own machines, with the digest over which they signed (docs/verifying-clients.md, "Rendering"). */
const renderingTold = ({ request }: Trail, { chainRules }: LedgerPorts): Json => {
  const statement = request?.entry.statement;
  const resolved = statement && resolveOperation(statement.method, statement.path);
  const body = resolved?.ok ? parseBody(resolved.value.operation, request?.body ?? new Uint8Array()) : undefined;
  if (!statement || !resolved?.ok || !body?.ok) return null;
  const { operation, params } = resolved.value;
  const rendering = renderingOf({ operationId: operation.id, params, body: body.value, statement }, chainRules);
  return { v: rendering.v, lines: rendering.lines.map((line) => [...line]), digest: renderingDigest(rendering) };
};

const requestOf = (trail: Trail, activity: ActivityRecord, from: string, ports: LedgerPorts): Json => ({
  entry: trail.request?.seq ?? -1,
  at: activity.at,
  kind: activity.kind,
  digest: activity.digest,
  requester: json(activity.requester),
  ...(activity.walletId ? { walletId: activity.walletId } : {}),
  keyId: activity.keyId,
  body: activity.requestBody,
  facts: json(activity.facts),
  says: sayFacts(activity.facts, from),
  rendering: renderingTold(trail, ports),
  statement: json(trail.request?.entry.statement),
  assertion: json(trail.request?.entry.assertion),
});

const approvalOf = (trail: Trail, activity: ActivityRecord): Json => {
  const approval = activity.approvalId ? find(trail.replica.state, 'approval', activity.approvalId) : undefined;
  if (!approval) return null;
  return {
    approvalId: approval.id,
    status: approval.status,
    groups: json(approval.groups),
    policies: policiesOf(trail, approval.evaluations),
    votes: trail.votes.map(({ seq, entry, decision }) => ({
      entry: seq,
      userId: decision.userId,
      credentialId: decision.credentialId,
      value: decision.value,
      reason: decision.reason,
      at: decision.date,
      statement: json(entry.statement),
      assertion: json(entry.assertion),
    })),
  };
};

/** Signature, signed bytes and how they came about; all null while nothing is released. */
const releaseOf = (trail: Trail, activity: ActivityRecord, ports: LedgerPorts): { readonly [part: string]: Json } => {
  const { state } = trail.replica;
  const none = { ceremony: null, signature: null, transaction: null };
  if (!activity.release || !trail.released) return none;
  const { digest, signature } = activity.release;
  const key = find(state, 'key', activity.keyId);
  const sanction = trail.sanctions.get(digest);
  const wallet = activity.walletId ? find(state, 'wallet', activity.walletId) : undefined;
  const network = wallet?.network ?? activity.network ?? 'KeyECDSA';
  const unsigned = trail.reserved.get(digest)?.unsigned ?? '';
  const signed = ports
    .chainRules(network)
    ?.attach(intentOfActivity(activity, wallet ?? { network }), unsigned, signature);
  return {
    ceremony: {
      entry: trail.released.seq,
      at: activity.release.date,
      participants: trail.released.entry.effects.participants ?? null,
      checkpoint: json(sanction?.checkpoint ?? null),
      keyCertificate: key?.certificate ?? null,
    },
    signature: { digest, ...signature },
    transaction: signed?.ok ? { unsigned, raw: signed.value.raw, hash: signed.value.hash } : null,
  };
};

/** The wallet or bare key that signs, as a reader knows it. */
export const signerOf = (trail: Trail, activity: ActivityRecord): string => {
  const wallet = activity.walletId ? find(trail.replica.state, 'wallet', activity.walletId) : undefined;
  return wallet?.address ? `${wallet.id} (${wallet.address})` : (wallet?.id ?? activity.keyId);
};

/**
 * Spells out what the replayed entries say of the activity. Whoever writes evidence puts this into the file, whoever verifies works
 * it out again from the entries and compares: nothing in it is believed.
 */
export const tell = (trail: Trail, ports: LedgerPorts): Outcome<Told> => {
  const { state } = trail.replica;
  const activity = find(state, 'activity', trail.activityId);
  const org = all(state, 'org')[0];
  if (!activity || !org)
    return refused(404, 'evidence.unknown_activity', `The activity ${trail.activityId} is not in the ledger.`);
  const reservation = activity.reservation;
  return accepted({
    organisation: organisationOf(org),
    request: requestOf(trail, activity, signerOf(trail, activity), ports),
    policies: policiesOf(trail, activity.evaluations),
    approval: approvalOf(trail, activity),
    reservation: reservation
      ? { ...reservation, pin: json(activity.pin ?? null), entry: trail.reserved.get(reservation.digest)?.seq ?? -1 }
      : null,
    ...releaseOf(trail, activity, ports),
    receipt: json(activity.chain ?? null),
    status: activity.status,
    reason: activity.reason ?? null,
    checkpoint: json(trail.witnessed),
  });
};
