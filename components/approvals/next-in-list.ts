/**
 * What comes after an item in a list, for somebody who works it off from top to bottom; after the last one what was left above.
 * @param order Of the list as it is shown.
 * @returns null when nothing else is left.
 */
export const nextInList = (order: readonly string[], id: string): string | null => {
  const at = order.indexOf(id);
  return order[at + 1] ?? order.find((one) => one !== id) ?? null;
};
