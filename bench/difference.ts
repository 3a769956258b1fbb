/** How two ways to an answer differ in time, and how sure that is. Times are milliseconds. */
export type Difference = {
  /** Median of the pairs' differences. */
  readonly median: number;
  /** Between these it lies with 99 % confidence, whatever the distribution: order statistics of the sign test. */
  readonly from: number;
  readonly to: number;
  /** Probability that samples of one distribution differ at least so much (Kolmogorov-Smirnov, asymptotic). */
  readonly p: number;
};

const Z_99 = 2.576;

/** @param pairs What both took, each pair measured in the same moment, in random order. */
export const differenceOf = (pairs: readonly (readonly [number, number])[]): Difference => {
  const sorted = pairs.map(([left, right]) => right - left).sort((a, b) => a - b);
  const half = sorted.length / 2;
  const reach = (Z_99 * Math.sqrt(sorted.length)) / 2;
  const at = (index: number) => sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN;
  return {
    median: at(Math.floor(half)),
    from: at(Math.floor(half - reach) - 1),
    to: at(Math.ceil(half + reach)),
    p: sameDistribution(
      pairs.map(([left]) => left),
      pairs.map(([, right]) => right),
    ),
  };
};

/** The p-value of the two-sample test: Smirnov's series with the correction for small samples (Stephens 1970). */
const sameDistribution = (left: readonly number[], right: readonly number[]): number => {
  const [a, b] = [left, right].map((values) => [...values].sort((x, y) => x - y));
  if (!a || !b) return Number.NaN;
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  const size = Math.sqrt((a.length * b.length) / (a.length + b.length));
  const lambda = (size + 0.12 + 0.11 / size) * largest;
  // Below this the series converges slowly and the answer is 1 to six places.
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, sum));
};
