import type { Operation } from '@/lib/contract/operation';
import { OPERATIONS } from '@/lib/contract/table';
import { fillPath, type Query, queryString } from './path';

/** A call as the client that makes it means it, before the server has said anything. */
export type Call = {
  readonly operation: Operation;
  readonly params: { readonly [name: string]: string };
  /** Encoded pathname, with the query where the client signs it. */
  readonly path: string;
  /** The exact text that is sent; empty for none. */
  readonly body: string;
};

const BY_ID: ReadonlyMap<string, Operation> = new Map(OPERATIONS.map((operation) => [operation.id, operation]));
const NAME = /:([A-Za-z]+)/g;

/**
 * Notes what a method of the SDK is called with: the path's parameters and the body.
 * @param id `<domain>.<method>` of the SDK.
 * @param query Signed with the path by the delegated client alone.
 * @returns null for a method the contract table does not know, or one that lacks a parameter.
 */
export const callOf = (id: string, request: unknown, query: Query = {}): Call | null => {
  const operation = BY_ID.get(id);
  const given = (typeof request === 'object' && request !== null ? request : {}) as {
    readonly [name: string]: unknown;
  };
  const names = [...(operation?.path.matchAll(NAME) ?? [])].map((match) => match[1] ?? '');
  if (!operation || names.some((name) => typeof given[name] !== 'string' || given[name] === '')) return null;
  const params = Object.fromEntries(names.map((name) => [name, String(given[name])]));
  const body = given.body === undefined ? '' : JSON.stringify(given.body);
  return { operation, params, path: fillPath(operation.path, params) + queryString(query), body };
};
