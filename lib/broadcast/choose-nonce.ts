import type { Attempt } from './ports';

/**
 * The lowest nonce that the chain has not used and no attempt of ours holds: a slot given back comes first, then the next new one.
 * Derived from the chain and the attempts each time, so it can't drift from either.
 * @param chainCount Nonce the chain expects next; a node that lags behind can't lower it below our own finished attempts.
 */
export const chooseNonce = (attempts: readonly Pick<Attempt, 'nonce' | 'state'>[], chainCount: number): number => {
  const used = attempts.filter(({ state }) => state === 'final' || state === 'lost').map(({ nonce }) => nonce + 1);
  const held = new Set(attempts.filter(({ state }) => state !== 'released').map(({ nonce }) => nonce));
  let nonce = Math.max(chainCount, ...used, 0);
  while (held.has(nonce)) nonce += 1;
  return nonce;
};
