import type { QueryKey } from '@tanstack/react-query';
import { fillPath, type Params, type Query, queryString } from '@/lib/verifying/path';
import { type RouteId, routeOf } from './routes';

/** A read of the API, and the name under which its answer is kept. Server and browser ask by the same. */
export type Asked = {
  readonly key: QueryKey;
  readonly operation: RouteId;
  readonly params?: Params;
  readonly query?: Query;
  /** A list that comes page by page. */
  readonly isPaged?: true;
  /** What is drawn of the answer holds amounts, which each locale writes in its way. */
  readonly hasAmounts?: true;
  /** Any of these permission operations is needed; absent: everybody may ask. */
  readonly needs?: readonly string[];
};

/** The answer to a read, as it goes with a page to the browser. */
export type Answered = Pick<Asked, 'isPaged'> & { readonly key: QueryKey; readonly body: unknown };

/** Path and query, spelled as they will be asked. */
export const urlOf = ({ operation, params, query }: Asked): string =>
  fillPath(routeOf(operation).path, params) + queryString(query);

/** Where the answer is kept: the pages of a list, under its filter too. */
export const keyOf = ({ key, query, isPaged }: Asked): QueryKey => (isPaged ? [...key, query ?? {}] : key);
