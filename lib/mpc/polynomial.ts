import { type CurvePoint, invert, mod, multiplyBase, ORDER, Point } from './encoding';
import type { PartyId } from './protocol';

/** Evaluates f(x) = sum_k coefficients[k] * x^k at a party id. */
export const evaluate = (coefficients: readonly bigint[], x: PartyId): bigint =>
  coefficients.reduceRight((sum, coefficient) => mod(sum * BigInt(x) + coefficient), 0n);

/** Evaluates a polynomial in the exponent: sum_k x^k * commitments[k]. Public input only. */
export const evaluateInExponent = (commitments: readonly CurvePoint[], x: PartyId): CurvePoint =>
  commitments.reduceRight((sum, commitment) => sum.multiplyUnsafe(BigInt(x)).add(commitment), Point.ZERO);

/** Commits to every coefficient: F[k] = f_k * G. */
export const commit = (coefficients: readonly bigint[]): CurvePoint[] => coefficients.map(multiplyBase);

/** The Lagrange weight of party i at x = 0 among `participants`, which are distinct and contain i. */
export const lagrangeWeight = (participants: readonly PartyId[], i: PartyId): bigint => {
  const others = participants.filter((j) => j !== i);
  const numerator = others.reduce((product, j) => (product * BigInt(j)) % ORDER, 1n);
  const denominator = others.reduce((product, j) => mod(product * BigInt(j - i)), 1n);
  return mod(numerator * invert(denominator));
};
