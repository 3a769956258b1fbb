import { z } from 'zod';
import type { Operation } from './operation';

export const EVIDENCE_FORMAT = 'countersign/evidence/1';

/** A name the server gives a user; nobody signed it. */
const person = z.strictObject({ userId: z.string(), name: z.string() });

/** Evidence of one activity, as a file: RFC 8785 of this, in UTF-8. docs/evidence.md says what each member proves. */
export const evidence = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  orgId: z.string(),
  activityId: z.string(),
  /** Every entry from the genesis on: canonical text as chained, and the text of the body beside it. */
  entries: z.array(z.strictObject({ entry: z.string(), body: z.string() })).min(1),
  /** Hash of the last entry's bytes, lower-case hex. It binds what lies above the last checkpoint against damage, not against the server. */
  head: z.string(),
  /** What the entries say of the activity, spelled out for readers. The verifier works it out again and compares. */
  told: z.record(z.string(), z.unknown()),
  /** Names, with their hash: against damage only. */
  stated: z.strictObject({ people: z.array(person), hash: z.string() }),
});

export type Evidence = z.infer<typeof evidence>;
export type StatedPerson = z.infer<typeof person>;

export const EVIDENCE: readonly Operation[] = [
  {
    id: 'x.getEvidence',
    method: 'GET',
    path: '/x/activities/:activityId/evidence',
    access: 'bearer',
    userAction: false,
    governs: 'nothing',
    built: true,
    // The file holds the whole ledger up to there: more than the one activity.
    permission: ['Auth:Logs:Read'],
    response: evidence,
  },
];
