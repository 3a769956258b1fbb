/** Bytes of evidence that are told; all of it stays in the node's store. */
const MOST_EVIDENCE = 16_384;

/** Evidence as it is told: JSON as such, anything else in base64, and of what is too long only the beginning. */
export const evidenceOf = (evidence: Uint8Array): Readonly<Record<string, unknown>> => {
  const text = Buffer.from(evidence).toString('utf8');
  if (text.length <= MOST_EVIDENCE && text.startsWith('{"signed"'))
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  return { bytes: Buffer.from(evidence).subarray(0, MOST_EVIDENCE).toString('base64'), length: evidence.length };
};

/** A refusal as short as the relay takes it. */
export const short = ({ code, message }: { readonly code: string; readonly message: string }) => ({
  code: code.slice(0, 80),
  message: message.slice(0, 500),
});
