import type { Json } from '@/lib/domain/canonical-json';
import type { Policy } from './shapes';
import { shownPolicyVersion } from './versions';

/** What a decision is about, as the ledger entry read by this client says it. */
export type Decidable = {
  readonly id: string;
  /** Recomputed here from the entry that is shown, never taken from the server. */
  readonly digest: string;
  /** Digest of the rendering, computed here from the same entry. */
  readonly rendering: string;
  readonly groups: readonly { readonly policyId: string }[];
};

/**
 * The context a decision's statement must hold, from what the screen shows: the request by id, digest and
 * rendering, and the versions of the policies that asked, computed from the definitions shown.
 */
export const decisionContext = (subject: Decidable, policies: readonly Policy[]): Readonly<Record<string, Json>> => {
  const asking = [...new Set(subject.groups.map((group) => group.policyId))].sort();
  const shown = asking.map((id) => policies.find((policy) => policy.id === id));
  const versions = Object.fromEntries(
    shown.flatMap((policy) =>
      policy ? [[policy.id, policy.status === 'Active' ? shownPolicyVersion(policy) : 'archived'] as const] : [],
    ),
  );
  return {
    activityId: subject.id,
    activityDigest: subject.digest,
    rendering: subject.rendering,
    // Somebody who may not read policies sees none: their versions are then the server's word.
    ...(shown.every((policy) => policy !== undefined) && { policyVersions: versions }),
  };
};
