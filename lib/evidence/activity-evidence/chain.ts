import { hashBody } from '@/lib/authentication/statement';
import type { Evidence } from '@/lib/contract/evidence';
import { utf8ToBytes } from '@/lib/domain/hash';
import { entryHash, NO_PREVIOUS } from '@/lib/ledger/entry';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { extendTrail, startTrail, type Trail } from './trail';

type Link = { readonly hash: string; readonly prev: string | null; readonly kind: string; readonly bodyHash: string };

const linkOf = (text: string): Link => {
  const hash = entryHash(utf8ToBytes(text));
  try {
    const { prev, kind, bodyHash } = JSON.parse(text) as Record<string, unknown>;
    return { hash, prev: typeof prev === 'string' ? prev : null, kind: String(kind), bodyHash: String(bodyHash) };
  } catch {
    return { hash, prev: null, kind: 'unreadable', bodyHash: '' };
  }
};

/**
 * Names the entry that was altered. Every entry holds the hash of the one before: an altered entry breaks the link behind it, an
 * altered link breaks the ones on both sides of its entry, and the file's `head` closes the chain.
 */
const alteredEntry = (links: readonly Link[], head: string): string | null => {
  const holds = (seq: number): boolean =>
    (links[seq + 1] ? links[seq + 1]?.prev : head) === (seq < 0 ? NO_PREVIOUS : links[seq]?.hash);
  for (let seq = -1; seq < links.length; seq++) {
    if (holds(seq)) continue;
    const isLast = seq === links.length - 1;
    if (seq >= 0 && isLast)
      return `Entry ${seq} (${links[seq]?.kind}), the last, is not the one that the file ends at: it, or the head of the file, was altered.`;
    const at = seq < 0 || !holds(seq + 1) ? seq + 1 : seq;
    return `Entry ${at} (${links[at]?.kind}) was altered: it does not fit the chain of hashes.`;
  }
  return null;
};

const alteredBody = (evidence: Evidence, links: readonly Link[]): string | null => {
  const at = evidence.entries.findIndex(({ body }, seq) => hashBody(utf8ToBytes(body)) !== links[seq]?.bodyHash);
  return at < 0 ? null : `The body beside entry ${at} (${links[at]?.kind}) is not the one that the entry names.`;
};

type Chained = { readonly ok: true; readonly trail: Trail } | { readonly ok: false; readonly words: string };

/** Says in words what was altered, once it is known that something was. */
const sayAltered = (evidence: Evidence, otherwise: string): Chained => {
  const links = evidence.entries.map(({ entry }) => linkOf(entry));
  return { ok: false, words: alteredEntry(links, evidence.head) ?? alteredBody(evidence, links) ?? otherwise };
};

/** Replays all entries from the genesis with the code that API and signers run. @returns in words where the chain is broken. */
export const replayEvidence = (evidence: Evidence, ports: LedgerPorts): Chained => {
  const trail = startTrail(evidence.orgId, evidence.activityId);
  for (const { entry, body } of evidence.entries) {
    const extension = extendTrail(trail, utf8ToBytes(entry), utf8ToBytes(body), ports);
    if (extension.kind === 'broken') return sayAltered(evidence, extension.reason);
  }
  if (trail.replica.head?.hash !== evidence.head) return sayAltered(evidence, 'The head of the file was altered.');
  for (const { refusal } of trail.voids.values())
    if (refusal.code === 'ledger.body') return sayAltered(evidence, refusal.message);
  return { ok: true, trail };
};
