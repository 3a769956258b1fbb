import { EVIDENCE_FORMAT, type Evidence, evidence, type StatedPerson } from '@/lib/contract/evidence';
import { canonicalBytes, canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts, utf8ToBytes } from '@/lib/domain/hash';

/** Larger files are refused before they are read. */
export const MAX_EVIDENCE_BYTES = 256 * 1024 * 1024;

/** Binds the names to the activity, lower-case hex. */
export const peopleHash = (activityId: string, people: readonly StatedPerson[]): string =>
  bytesToHex(hashParts('countersign/evidence-people/1', activityId, canonicalJson(people as unknown as Json)));

/** The file. */
export const evidenceBytes = (content: Evidence): Uint8Array => canonicalBytes(content as unknown as Json);

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
  const parsed = evidence.safeParse(value);
  if (parsed.success) return { ok: true, evidence: parsed.data };
  const [issue] = parsed.error.issues;
  return broken(`The file is not evidence of this format: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}.`);
};
