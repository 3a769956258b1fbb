import type { PolicyActivity, PolicyDefinition } from './policy';

type Filter = NonNullable<PolicyDefinition['filters']>[string];
/** The texts each filter looks at, for one candidate; undefined when the activity has no such thing. */
type Candidate = { readonly [filter: string]: readonly string[] | undefined };

/**
 * Whether a policy's filters match the activity: all present filters on one and the same subject (one wallet of a key suffices).
 * A filter that can't be understood counts as matching: it must not exempt anything.
 */
export const filtersMatch = (filters: PolicyDefinition['filters'], activity: PolicyActivity): boolean => {
  const entries = Object.entries(filters ?? {});
  if (entries.length === 0) return true;
  return candidatesOf(activity).some((candidate) =>
    entries.every(([name, filter]) => matches(candidate[name], filter)),
  );
};

const candidatesOf = ({ subject }: PolicyActivity): readonly Candidate[] => {
  const common: Candidate = {
    permissionId: subject.permissionId === undefined ? undefined : [subject.permissionId],
    policyId: subject.policyId === undefined ? undefined : [subject.policyId],
  };
  if (!subject.wallets) return [common];
  return subject.wallets.map((wallet) => ({ ...common, walletId: [wallet.id], walletTags: wallet.tags }));
};

const matches = (values: readonly string[] | undefined, filter: Filter): boolean => {
  if (values === undefined || typeof filter !== 'object' || filter === null) return true;
  const tests = Object.entries(filter);
  if (tests.length === 0) return true;
  return tests.every(([test, wanted]) => {
    if (!Array.isArray(wanted) || wanted.length === 0) return true;
    if (test === 'in' || test === 'hasAny') return values.some((value) => wanted.includes(value));
    if (test === 'hasAll') return wanted.every((value) => values.includes(value));
    return true;
  });
};
