import { nodeFingerprint } from '@/lib/authentication/key-fingerprint';
import { nodeCertificate } from '@/lib/contract/change-requests';
import { certificateHash } from '@/lib/ledger/nodes';

type NodeCertificate = ReturnType<typeof nodeCertificate.parse>;

/** What the statement's context must hold when one certificate replaces another: computed from what the screen shows. */
export const replacementContext = (certificate: NodeCertificate, replaced: NodeCertificate) => ({
  certificate: certificateHash(certificate),
  replaces: certificateHash(replaced),
});

/** What people compare: the fingerprint of the identity key. */
export const certificateFingerprint = ({ signingKey }: NodeCertificate): string => nodeFingerprint(signingKey);

/** What a node printed with `npm run signer -- enrol`, read; or in one sentence why it is not that. */
export type EnrolmentLine =
  | {
      readonly ok: true;
      readonly certificate: NodeCertificate;
      readonly proof: string;
      readonly fingerprint: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Reads the line for the signer of that number. Who signed the proof is checked by the server and by every signer. */
export const readEnrolmentLine = (text: string, node: number): EnrolmentLine => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'Copy the whole line, from { to }.' };
  }
  const { certificate, proof } = (value ?? {}) as { readonly certificate?: unknown; readonly proof?: unknown };
  const read = nodeCertificate.safeParse(certificate);
  if (!read.success || typeof proof !== 'string')
    return { ok: false, reason: 'This is not the line that a signer prints: certificate or proof is missing.' };
  if (read.data.node !== node) return { ok: false, reason: `This is the line of signer ${read.data.node}.` };
  return { ok: true, certificate: read.data, proof, fingerprint: nodeFingerprint(read.data.signingKey) };
};
