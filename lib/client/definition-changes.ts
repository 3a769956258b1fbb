import { definitionDiff, type FieldChange } from '@/lib/policy/definition-diff';

export type { FieldChange };

/** Members in which two definitions differ, by path. */
export const definitionChanges = (before: unknown, after: unknown): readonly FieldChange[] =>
  definitionDiff(before, after);
