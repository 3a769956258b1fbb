import type { RecordKind } from '@/lib/ledger/records';
import type { ApiRequest, Handlers } from './handler';
import type { Services } from './services';

/** Renders the record a mutation led to in the dialect's shape. */
export type View = (id: string, request: ApiRequest, services: Services) => Promise<unknown>;
export type Views = Readonly<Partial<Record<RecordKind, View>>>;

/** Everything the API can do. An operation with a user action and no handler of its own is submitted to the ledger as it is. */
export type Registry = { readonly handlers: Handlers; readonly views: Views };

/**
 * Joins the parts that rooms contribute.
 * @throws when two parts name the same operation or record kind.
 */
export const joinRegistries = (...parts: readonly Partial<Registry>[]): Registry => ({
  handlers: joinUnique(parts.map((part) => part.handlers ?? {})),
  views: joinUnique(parts.map((part) => part.views ?? {})),
});

const joinUnique = <T extends object>(parts: readonly T[]): T => {
  const names = parts.flatMap((part) => Object.keys(part));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Error(`"${twice}" is registered twice.`);
  return Object.assign({}, ...parts) as T;
};
