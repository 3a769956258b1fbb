import { z } from 'zod';
import { canonicalBytes, canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts, utf8ToBytes } from '@/lib/domain/hash';

export const EVIDENCE_FORMAT = 'countersign/evidence/1';

/** Larger files are refused before they are read. */
export const MAX_EVIDENCE_BYTES = 256 * 1024 * 1024;

/** A name the server gives a user; nobody signed it. */
const person = z.strictObject({ userId: z.string(), name: z.string() });

const shape = z.strictObject({
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

/** Evidence of one activity, as a file: RFC 8785 of this, in UTF-8. */
export type Evidence = z.infer<typeof shape>;
export type StatedPerson = z.infer<typeof person>;

/** Binds the names to the activity, lower-case hex. */
export const peopleHash = (activityId: string, people: readonly StatedPerson[]): string =>
  bytesToHex(hashParts('countersign/evidence-people/1', activityId, canonicalJson(people as unknown as Json)));

export const evidenceBytes = (evidence: Evidence): Uint8Array => canonicalBytes(evidence as unknown as Json);

type Read = { readonly ok: true; readonly evidence: Evidence } | { readonly ok: false; readonly words: string };

const broken = (words: string): Read => ({ ok: false, words });

const firstDifference = (a: Uint8Array, b: Uint8Array): number => {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at;
  return length;
};

/**
 * Reads a file. It must be exactly the canonical form of what it says, so that there is one spelling of every evidence: no
 * duplicate member, no white space, no other escape.
 * @returns in words what is wrong, with the place in the file.
 */
export const readEvidence = (bytes: Uint8Array): Read => {
  if (bytes.length > MAX_EVIDENCE_BYTES) return broken('The file is too large to be evidence.');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8 text';
    return broken(`The file is not JSON: ${reason}.`);
  }
  if (typeof value !== 'object' || value === null) return broken('The file holds no evidence.');
  if ('format' in value && value.format !== EVIDENCE_FORMAT)
    return broken(`The file says that its format is ${JSON.stringify(value.format)}; this reads ${EVIDENCE_FORMAT}.`);
  let canonical: Uint8Array;
  try {
    canonical = utf8ToBytes(canonicalJson(value as Json));
  } catch {
    return broken('The file holds text that is not well formed.');
  }
  const at = firstDifference(canonical, bytes);
  if (at < Math.max(canonical.length, bytes.length))
    return broken(`The file is not in canonical form: byte ${at} was altered.`);
  const parsed = shape.safeParse(value);
  if (parsed.success) return { ok: true, evidence: parsed.data };
  const [issue] = parsed.error.issues;
  return broken(`The file is not evidence of this format: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}.`);
};
