const PREFIX = 'countersign.genesis.';

/** Hash of the genesis this browser first met the organisation with, or null before that. */
export const pinnedGenesis = (orgId: string): string | null => localStorage.getItem(PREFIX + orgId);

/**
 * Keeps the genesis hash the first time. Later ones are compared with it: a server that shows another genesis under the
 * same organisation wants signatures for something else. A server that draws a page knows no browser and keeps nothing: the browser
 * compares when it takes the page over.
 * @returns the hash this browser holds the organisation to.
 */
export const pinGenesis = (orgId: string, hash: string): string => {
  if (typeof window === 'undefined') return hash;
  const known = pinnedGenesis(orgId);
  if (known) return known;
  localStorage.setItem(PREFIX + orgId, hash);
  return hash;
};
