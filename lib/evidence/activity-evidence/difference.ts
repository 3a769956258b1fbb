import { canonicalJson, type Json } from '@/lib/domain/canonical-json';

/** Where two documents differ first, and what stands there in each; null when they are alike. */
export type FirstDifference = { readonly path: string; readonly stated: string; readonly own: string };

const MOST = 120;
const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : canonicalJson(value as Json);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
};

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

/** Compares what a file states with what was worked out, member by member in canonical order. */
export const firstDifference = (stated: unknown, own: unknown, path = ''): FirstDifference | null => {
  if (isObject(stated) && isObject(own) && Array.isArray(stated) === Array.isArray(own)) {
    const names = [...new Set([...Object.keys(own), ...Object.keys(stated)])].sort();
    for (const name of names) {
      const found = firstDifference(stated[name], own[name], path === '' ? name : `${path}.${name}`);
      if (found) return found;
    }
    return null;
  }
  return show(stated) === show(own) && same(stated, own) ? null : { path, stated: show(stated), own: show(own) };
};

const same = (a: unknown, b: unknown): boolean =>
  (a === undefined) === (b === undefined) && (a === undefined || canonicalJson(a as Json) === canonicalJson(b as Json));
