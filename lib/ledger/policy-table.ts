import { type BindingPolicy, indexPolicies, type PolicyIndex } from '@/lib/policy/policy-index';
import type { PolicyRecord } from './records';

/**
 * Policies by id, also indexed by what they are about. Every write drops the index, which is made again when it is asked for: policies
 * change seldom, and every request is judged by them.
 */
export class PolicyTable extends Map<string, PolicyRecord> {
  #index: PolicyIndex | null = null;

  /** Policies as they bind: as they are, and beside it as they were until a change has cooled. */
  index(): PolicyIndex {
    this.#index ??= indexPolicies([...this.values()].flatMap(bindingOf));
    return this.#index;
  }

  copy(): PolicyTable {
    const copy = new PolicyTable();
    for (const [id, record] of this) copy.set(id, record);
    return copy;
  }

  override set(id: string, record: PolicyRecord): this {
    this.#index = null;
    return super.set(id, record);
  }

  override delete(id: string): boolean {
    this.#index = null;
    return super.delete(id);
  }

  override clear(): void {
    this.#index = null;
    super.clear();
  }
}

/** A policy as it is, and as it was before changes that have not cooled. */
export const bindingOf = (policy: PolicyRecord): BindingPolicy[] => [
  policy,
  ...(policy.cooling ?? [])
    .filter(({ version }) => version !== policy.version || policy.status === 'Archived')
    .map(
      ({ definition, version, until }): BindingPolicy => ({
        id: policy.id,
        version,
        status: 'Active',
        definition,
        until,
      }),
    ),
];
