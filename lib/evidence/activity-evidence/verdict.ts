/** What a verifier looks at, in the order in which it looks. */
export const CHECK_NAMES = [
  'file',
  'chain',
  'genesis',
  'checkpoint',
  'request',
  'policy',
  'rendering',
  'vote',
  'approval',
  'reservation',
  'witnessed',
  'judged',
  'key',
  'signature',
  'transaction',
  'told',
  'names',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** One thing that was looked at, in words a person can judge. */
export type Check = { readonly name: CheckName; readonly ok: boolean; readonly words: string };

/** What verifying came to. `ok` only when every check held; `failure` is the first that did not. */
export type Verdict = {
  readonly ok: boolean;
  /** The result in one sentence. */
  readonly words: string;
  readonly checks: readonly Check[];
  readonly failure: Check | null;
  /** What no file can prove, in words; empty when something failed. */
  readonly notChecked: readonly string[];
};

/** Control signs and marks that turn text around are spelled out: what a file says must not steer the screen it is shown on. */
const printable = (text: string): string =>
  text.replace(/\p{C}/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);

export const held = (name: CheckName, words: string): Check => ({ name, ok: true, words: printable(words) });
export const failed = (name: CheckName, words: string): Check => ({ name, ok: false, words: printable(words) });

/** Closes the list: nothing is looked at behind the first failure, for it would rest on what is wrong. */
export const verdictOf = (checks: readonly Check[], success: string, notChecked: readonly string[]): Verdict => {
  const at = checks.findIndex((check) => !check.ok);
  const failure = at < 0 ? null : (checks[at] ?? null);
  return {
    ok: failure === null,
    words: failure ? `NOT PROVEN: ${failure.words}` : printable(success),
    checks: at < 0 ? checks : checks.slice(0, at + 1),
    failure,
    notChecked: failure ? [] : notChecked.map(printable),
  };
};
