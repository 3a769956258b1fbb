/** One member that differs; absent on one side is undefined. */
export type FieldChange = { readonly path: string; readonly before: unknown; readonly after: unknown };

const isPlain = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Members in which two definitions differ, by path, in the order of their names. Lists of plain values are compared whole; lists of
 * objects one by one, so that one changed approval group is one change.
 */
export const definitionDiff = (before: unknown, after: unknown, path = ''): readonly FieldChange[] => {
  if (isPlain(before) && isPlain(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => definitionDiff(before[name], after[name], path === '' ? name : `${path}.${name}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isPlain))
    return Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, index) =>
      definitionDiff(before[index], after[index], `${path}.${index}`),
    );
  return isSame(before, after) ? [] : [{ path, before: before ?? null, after: after ?? null }];
};
