import { memoOf } from './memo';
import type { PolicyActivity, PolicyDefinition } from './policy';

type Filters = NonNullable<PolicyDefinition['filters']>;
/** The texts each filter looks at, for one candidate; undefined when the activity has no such thing. */
type Candidate = { readonly [filter: string]: readonly string[] | undefined };
type Matcher = { readonly filter: string; readonly matches: (values: readonly string[]) => boolean };

/**
 * Whether a policy's filters match the activity: all present filters on one and the same subject (one wallet of a key suffices).
 * A filter that can't be understood counts as matching: it must not exempt anything.
 */
export const filtersMatch = (filters: PolicyDefinition['filters'], activity: PolicyActivity): boolean => {
  const matchers = filters ? matchersOf(filters) : [];
  if (matchers.length === 0) return true;
  return candidatesOf(activity.subject).some((candidate) =>
    matchers.every(({ filter, matches }) => {
      const values = candidate[filter];
      return values === undefined || matches(values);
    }),
  );
};

const candidatesOf = memoOf((subject: PolicyActivity['subject']): readonly Candidate[] => {
  const common: Candidate = {
    permissionId: subject.permissionId === undefined ? undefined : [subject.permissionId],
    policyId: subject.policyId === undefined ? undefined : [subject.policyId],
  };
  if (!subject.wallets) return [common];
  return subject.wallets.map((wallet) => ({ ...common, walletId: [wallet.id], walletTags: wallet.tags }));
});

const matchersOf = memoOf((filters: Filters): readonly Matcher[] =>
  Object.entries(filters).map(([filter, tests]) => {
    // Stored filters may be anything, also null.
    const all = Object.entries(tests ?? {}).map(testOf);
    return { filter, matches: (values) => all.every((test) => test(values)) };
  }),
);

const testOf = ([test, wanted]: [string, readonly string[] | undefined]): Matcher['matches'] => {
  if (!Array.isArray(wanted) || wanted.length === 0) return () => true;
  const texts: ReadonlySet<string> = new Set(wanted);
  if (test === 'in' || test === 'hasAny') return (values) => values.some((value) => texts.has(value));
  if (test === 'hasAll') return (values) => wanted.every((text) => values.includes(text));
  return () => true;
};
