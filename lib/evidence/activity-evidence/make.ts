import { EVIDENCE_FORMAT, type Evidence, type StatedPerson } from '@/lib/contract/evidence';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { LedgerPorts } from '@/lib/ledger/ports';
import { evidenceBytes, peopleHash } from './format';
import { tell } from './told';
import { extendTrail, startTrail, type Trail } from './trail';

/** One chained entry with the body beside it. */
export type EvidenceItem = { readonly bytes: Uint8Array; readonly body: Uint8Array };

/** Evidence in the making: it takes entry after entry, so that whoever reads a long ledger can pause between them. */
export type EvidenceMaker = {
  /** Takes the next entry. `true` says that no more is needed. */
  readonly take: (item: EvidenceItem) => Outcome<boolean>;
  /** The ids of users whose names a reader will want. */
  readonly userIds: () => readonly string[];
  readonly finish: (people: readonly StatedPerson[]) => Outcome<Uint8Array>;
};

const textOf = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

const userIdsOf = (trail: Trail): readonly string[] => {
  const ids = [trail.request?.activity.requester.userId, ...trail.votes.map(({ decision }) => decision.userId)];
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
};

/**
 * Starts evidence of one activity.
 * @param lastSeq The last entry about the activity; the evidence ends with the first checkpoint entry that covers it, or with the ledger.
 */
export const makeEvidence = (
  about: { readonly orgId: string; readonly activityId: string; readonly lastSeq: number },
  ports: LedgerPorts,
): EvidenceMaker => {
  const { orgId, activityId, lastSeq } = about;
  const trail = startTrail(orgId, activityId);
  const entries: Evidence['entries'] = [];
  return {
    take: ({ bytes, body }) => {
      const texts = { entry: textOf(bytes), body: textOf(body) };
      if (texts.entry === null || texts.body === null)
        return refused(500, 'evidence.not_text', `Entry ${entries.length} of the ledger is not text.`);
      const extension = extendTrail(trail, bytes, body, ports);
      if (extension.kind === 'broken') return refused(500, 'evidence.broken_ledger', extension.reason);
      entries.push({ entry: texts.entry, body: texts.body });
      return accepted(trail.witnessed !== null && trail.witnessed.seq >= lastSeq);
    },
    userIds: () => userIdsOf(trail),
    finish: (people) => {
      const told = tell(trail, ports);
      if (!told.ok) return told;
      return accepted(
        evidenceBytes({
          format: EVIDENCE_FORMAT,
          orgId,
          activityId,
          entries,
          head: trail.replica.head?.hash ?? '',
          told: told.value,
          stated: { people: [...people], hash: peopleHash(activityId, people) },
        }),
      );
    },
  };
};
