import fs from 'node:fs';
import { parseArgs } from 'node:util';
import type { Verdict } from '@/lib/evidence/activity-evidence/verdict';
import { verifyEvidence } from '@/lib/evidence/activity-evidence/verify';
import { LEDGER_PORTS } from './ledger-ports';

const USAGE = 'usage: npm run verify -- FILE [--genesis FINGERPRINT]\n       npm run verify -- --page FILE.html';

export type VerifyArguments =
  | { readonly do: 'verify'; readonly file: string; readonly genesis?: string }
  | { readonly do: 'page'; readonly file: string }
  | { readonly do: 'usage'; readonly words: string };

/** Reads the command line; anything that is not understood is told with what to type. */
export const readVerifyArguments = (args: readonly string[]): VerifyArguments => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { genesis: { type: 'string' }, page: { type: 'string' } },
    });
    const [file] = positionals;
    if (values.page !== undefined && file === undefined) return { do: 'page', file: values.page };
    if (values.page !== undefined || file === undefined || positionals.length > 1) return { do: 'usage', words: USAGE };
    return { do: 'verify', file, ...(values.genesis === undefined ? {} : { genesis: values.genesis }) };
  } catch (cause) {
    return { do: 'usage', words: `${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}` };
  }
};

/** The verdict as lines: what was checked, what no file can prove, and the result last. */
const verdictLines = ({ checks, notChecked, words }: Verdict): string[] => [
  ...checks.map((check) => `${check.ok ? '  ok ' : 'FAIL '} ${check.words}`),
  ...notChecked.map((one) => `   ?  ${one}`),
  words,
];

/** Verifies a file with what Node has on board. @returns 0 when it is proven, 1 when not, 2 when there is no such file. */
export const runVerify = (
  { file, genesis }: { readonly file: string; readonly genesis?: string },
  print: (line: string) => void,
): number => {
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(file);
  } catch (cause) {
    print(`verify: ${file} can’t be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    return 2;
  }
  const verdict = verifyEvidence(bytes, LEDGER_PORTS, { genesis });
  for (const line of verdictLines(verdict)) print(line);
  return verdict.ok ? 0 : 1;
};
