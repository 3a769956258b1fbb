import type { RecordFilter } from '@/lib/db/reads';
import { refused } from '@/lib/domain/refusal';
import type { RecordKind, Records } from '@/lib/ledger/records';
import { type ApiRequest, callerOf, refuse } from './handler';
import { pageTokens } from './pagination';
import type { Services } from './services';

/** The record, or 404 with the id in the details. Ids of other organisations are not found either. */
export const getOr404 = async <K extends RecordKind>(
  kind: K,
  id: string,
  request: ApiRequest,
  services: Services,
  name: string = kind,
): Promise<Records[K]> => {
  const record = await services.getRecord(callerOf(request).org.id, kind, id);
  return record ?? refuse(refused(404, `${name}.not_found`, `${name} not found`, { [`${name}Id`]: id }));
};

/** One page of records, newest first, with the token of the next. */
export const pageOf = async <K extends RecordKind>(
  kind: K,
  filter: RecordFilter,
  request: ApiRequest,
  services: Services,
  fallbackLimit = 50,
): Promise<{ readonly items: Records[K][]; readonly nextPageToken?: string }> => {
  const tokens = pageTokens(request, services);
  const before = tokens.position()?.id;
  const limit = Number(request.query.limit ?? fallbackLimit);
  const { items, next } = await services.reads.page(callerOf(request).org.id, kind, filter, {
    limit,
    ...(before === undefined ? {} : { before }),
  });
  return next === undefined ? { items } : { items, nextPageToken: tokens.encode({ date: 0, id: next }) };
};

/** Query values arrive parsed; only texts are filters. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
