import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { certificatesOf } from '@/lib/ledger/nodes';
import { callerOf, type Handler, type Handlers, refuse } from '../handler';
import { pageTokens } from '../pagination';

const notReached = () => refuse(refused(404, 'ledger.not_reached', 'The ledger does not reach that far.'));

/** Where no tree is named it is the one of the chained head. */
const getEntryProof: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const seq = Number(request.params.seq);
  if (!/^\d{1,15}$/.test(request.params.seq ?? '')) return notReached();
  const at = request.query.at === undefined ? (await services.ledger.head(org.id))?.seq : Number(request.query.at);
  const proof = at === undefined ? null : await services.reads.entryProof(org.id, seq, at);
  return proof ? { body: proof } : notReached();
};

const getConsistencyProof: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const { from, to } = request.query as { from: number; to: number };
  const proof = await services.reads.treeProof(org.id, from, to);
  return proof ? { body: proof } : notReached();
};

const listCheckpoints: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const tokens = pageTokens(request, services);
  const position = tokens.position();
  const limit = Number(request.query.limit ?? 50);
  const page = { before: position === null ? null : position.date, limit: limit + 1 };
  const found = await services.reads.checkpoints(org.id, page);
  const items = found.slice(0, limit).map(({ seq, leaf, body }) => ({
    entrySeq: seq ?? 0,
    seq: Number(body?.seq),
    root: String(body?.root),
    at: toTimestamp(Number(body?.at)),
    nodeSignatures: leaf.nodeSignatures ?? [],
  }));
  const last = items.at(-1);
  const heartbeats = await services.reads.heartbeats(org.id);
  const alarms = await services.reads.ledgerAlarms(org.id);
  return {
    body: {
      nodes: certificatesOf(org).map((certificate) => ({ ...certificate })),
      ...(org.nodes ? { genesisNodes: org.genesis.nodes.map((certificate) => ({ ...certificate })) } : {}),
      threshold: org.genesis.k,
      items,
      ...(found.length > limit && last ? { nextPageToken: tokens.encode({ date: last.entrySeq, id: '' }) } : {}),
      heartbeats: heartbeats.map((beat) => ({ ...beat, at: toTimestamp(beat.at) })),
      alarms: alarms.map(({ content, at, ...alarm }) => ({ ...alarm, at: toTimestamp(at), evidence: content })),
    },
  };
};

export const LEDGER_HANDLERS: Handlers = {
  'x.getEntryProof': getEntryProof,
  'x.getConsistencyProof': getConsistencyProof,
  'x.listCheckpoints': listCheckpoints,
};
