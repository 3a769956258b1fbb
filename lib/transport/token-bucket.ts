/** Admits `perSecond` units on average and `burst` at once. `now` in milliseconds. */
export type TokenBucket = { take(units: number, now: number): boolean };

export const createTokenBucket = (limit: { readonly perSecond: number; readonly burst: number }): TokenBucket => {
  let tokens = limit.burst;
  let last = Number.NEGATIVE_INFINITY;
  return {
    take: (units, now) => {
      if (now > last) {
        if (Number.isFinite(last)) tokens = Math.min(limit.burst, tokens + ((now - last) / 1000) * limit.perSecond);
        last = now;
      }
      if (tokens < units) return false;
      tokens -= units;
      return true;
    },
  };
};
