import type { ActivityKind, Policy, PolicyActivity } from './policy';

/** A policy as it binds; one that a change replaced and that has not cooled yet binds until a moment, unix ms. */
export type BindingPolicy = Policy & { readonly until?: number };

/** What an activity's subject has under the name of a filter; undefined where it has no such thing. */
type Texts = { readonly [filter: string]: readonly string[] | undefined };

type KindIndex = {
  /** Policies that can't be found by a filter: without one, or with one that can't be understood. */
  readonly always: number[];
  /** The others by one of their filters, under each text it names. */
  readonly byText: Map<string, Map<string, number[]>>;
};

/** Active policies by kind and filter, so that those of other wallets cost an activity nothing. */
export type PolicyIndex = {
  readonly policies: readonly BindingPolicy[];
  readonly kinds: ReadonlyMap<ActivityKind, KindIndex>;
};

/** The order in which policies are judged and reported. A policy may stand there twice: as it is, and as it was. */
export const byIdAndVersion = (a: Pick<Policy, 'id' | 'version'>, b: Pick<Policy, 'id' | 'version'>): number => {
  const [left, right] = a.id === b.id ? [a.version, b.version] : [a.id, b.id];
  return left < right ? -1 : 1;
};

export const indexPolicies = (all: readonly BindingPolicy[]): PolicyIndex => {
  const policies = all.filter(({ status }) => status !== 'Archived').toSorted(byIdAndVersion);
  const kinds = new Map<ActivityKind, KindIndex>();
  for (const [place, policy] of policies.entries()) {
    const kind: KindIndex = kinds.get(policy.definition.activityKind) ?? { always: [], byText: new Map() };
    kinds.set(policy.definition.activityKind, kind);
    const found = keyFilter(policy);
    if (!found) {
      kind.always.push(place);
      continue;
    }
    const texts = kind.byText.get(found.filter) ?? new Map<string, number[]>();
    kind.byText.set(found.filter, texts);
    for (const text of found.texts) texts.set(text, [...(texts.get(text) ?? []), place]);
  }
  return { policies, kinds };
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');

/** One filter of the policy that must hold, with the texts of which the subject must have one. */
const keyFilter = ({ definition: { filters } }: Policy): { filter: string; texts: readonly string[] } | null => {
  for (const [filter, tests] of Object.entries(filters ?? {})) {
    if (!NAMES.includes(filter)) continue;
    // Stored filters may be anything, also null.
    const any = tests?.in ?? tests?.hasAny;
    if (isTexts(any)) return { filter, texts: any };
    if (isTexts(tests?.hasAll)) return { filter, texts: tests.hasAll.slice(0, 1) };
  }
  return null;
};

const NAMES = ['walletId', 'walletTags', 'permissionId', 'policyId'];

const textsOf = ({ subject }: PolicyActivity): Texts => ({
  walletId: subject.wallets?.map((wallet) => wallet.id),
  walletTags: subject.wallets?.flatMap((wallet) => wallet.tags),
  permissionId: subject.permissionId === undefined ? undefined : [subject.permissionId],
  policyId: subject.policyId === undefined ? undefined : [subject.policyId],
});

/** Policies whose filters may match the activity, in their order: at least all that do. @param at Unix ms. */
export const candidatesFor = (
  { policies, kinds }: PolicyIndex,
  activity: PolicyActivity,
  at: number,
): readonly BindingPolicy[] => {
  const kind = kinds.get(activity.kind);
  if (!kind) return [];
  const texts = textsOf(activity);
  const lists = [kind.always];
  for (const [filter, byText] of kind.byText) {
    const own = texts[filter];
    // A subject without such a thing is not exempt.
    lists.push(...(own === undefined ? byText.values() : own.flatMap((text) => [byText.get(text) ?? []])));
  }
  const found: BindingPolicy[] = [];
  let last = -1;
  for (const place of lists.flat().sort((a, b) => a - b)) {
    const policy = policies[place];
    if (place !== last && policy && (policy.until === undefined || at < policy.until)) found.push(policy);
    last = place;
  }
  return found;
};
