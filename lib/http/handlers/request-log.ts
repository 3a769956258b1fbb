import { toTimestamp } from '@/lib/contract/fields';
import { callerOf, type Handler, type Handlers } from '../handler';
import { pageTokens } from '../pagination';
import { textOf } from '../records';

const PAGE = 50;

const listRequestLog: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const tokens = pageTokens(request, services);
  const before = tokens.position()?.id;
  const limit = Number(request.query.limit ?? PAGE);
  const userId = textOf(request.query.userId);
  const tokenId = textOf(request.query.tokenId);
  const rows = await services.reads.requestLog(
    org.id,
    { ...(userId && { userId }), ...(tokenId && { tokenId }), failed: request.query.failed === true },
    { limit: limit + 1, ...(before === undefined ? {} : { before }) },
  );
  const items = rows
    .slice(0, limit)
    .map(({ ordinal: _ordinal, orgId: _orgId, at, ...row }) => ({ ...row, at: toTimestamp(at) }));
  const last = rows[limit - 1];
  return {
    body: {
      items,
      ...(rows.length > limit && last ? { nextPageToken: tokens.encode({ date: 0, id: last.ordinal }) } : {}),
    },
  };
};

export const REQUEST_LOG_HANDLERS: Handlers = { 'x.listRequestLog': listRequestLog };
