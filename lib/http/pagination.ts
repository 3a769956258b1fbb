import { createHmac, timingSafeEqual } from 'node:crypto';
import { refused } from '@/lib/domain/refusal';
import { type ApiRequest, callerOf, orRefuse } from './handler';
import type { Services } from './services';

/** Where a page begins: the sort key of the last item of the page before. */
export type Position = { readonly date: number; readonly id: string };

/**
 * Makes page tokens for one list of one organisation. A token is signed, so that a client can't invent positions, and bound to
 * operation, organisation and filters, so that it can't be carried to another list.
 */
export const pageTokens = (request: ApiRequest, services: Pick<Services, 'secrets'>) => {
  const { limit: _limit, paginationToken, ...filters } = request.query;
  const scope = JSON.stringify([request.operation.id, callerOf(request).org.id, request.params, filters]);
  const tagOf = (payload: string): Buffer =>
    createHmac('sha256', services.secrets.secretPageKey).update(`${scope}\n${payload}`).digest().subarray(0, 16);
  return {
    /** Where this page begins; null for the first. @throws RefusalError 400 for a token that is not ours. */
    position: (): Position | null => {
      if (paginationToken === undefined) return null;
      const [payload = '', tag = ''] = String(paginationToken).split('.');
      const given = Buffer.from(tag, 'base64url');
      const isOurs = given.length === 16 && timingSafeEqual(given, tagOf(payload));
      if (!isOurs) return orRefuse(refused(400, 'contract.page_token', 'The paginationToken is not one of this list.'));
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Position;
    },
    encode: ({ date, id }: Position): string => {
      const payload = Buffer.from(JSON.stringify({ date, id })).toString('base64url');
      return `${payload}.${tagOf(payload).toString('base64url')}`;
    },
  };
};

/** One page out of a list held in memory, newest first. */
export const pageOfRecords = <T extends { readonly id: string; readonly dateCreated: number }>(
  records: readonly T[],
  request: ApiRequest,
  services: Pick<Services, 'secrets'>,
): { readonly items: readonly T[]; readonly nextPageToken?: string } => {
  const tokens = pageTokens(request, services);
  const from = tokens.position();
  const limit = Number(request.query.limit ?? 50);
  const isBehind = (record: T): boolean =>
    from === null || record.dateCreated < from.date || (record.dateCreated === from.date && record.id < from.id);
  const rest = records.filter(isBehind).sort((a, b) => b.dateCreated - a.dateCreated || (a.id < b.id ? 1 : -1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return rest.length > limit && last
    ? { items, nextPageToken: tokens.encode({ date: last.dateCreated, id: last.id }) }
    : { items };
};
