/**
 * What the coordinator hands every participant of a ceremony. Statements, approvals and facts are not in it: each node takes
 * them from its own replay (design §4.3).
 */
export type RequestBundle = {
  readonly v: 1;
  readonly orgId: string;
  readonly activityId: string;
  /** The witnessed checkpoint entry under which the ceremony runs: the head it covers. */
  readonly head: { readonly seq: number; readonly root: string };
  /** Unsigned transaction, message or hash, hex without 0x. */
  readonly unsigned: string;
  /** 32-byte digests, hex without 0x. One for EVM. */
  readonly digests: readonly string[];
  readonly attempt: number;
  /** Sorted, distinct, exactly k node numbers. */
  readonly participants: readonly number[];
};
