import type { SessionRow } from '@/lib/authentication/ports';
import { isSessionLive, limitsIn } from '@/lib/authentication/session-life';
import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { find } from '@/lib/ledger/state';
import { requirePermission } from '../authorization';
import { type ApiRequest, callerOf, type Handler, type Handlers, refuse } from '../handler';
import { textOf } from '../records';
import type { Services } from '../services';

const sessionView = (row: SessionRow, request: ApiRequest, { settings, now }: Services) => ({
  sessionId: row.jti,
  userId: row.userId,
  dateCreated: toTimestamp(row.issuedAt.getTime()),
  dateLastSeen: toTimestamp(row.lastSeenAt.getTime()),
  dateExpires: toTimestamp(row.expiresAt.getTime()),
  isActive: isSessionLive(row, limitsIn(settings, callerOf(request).org.sessions), now()),
  isCurrent: row.jti === callerOf(request).jti,
});

/** A long-lived token is not the person: it sees and ends sign-ins only with permission. */
const isOwn = (userId: string | undefined, request: ApiRequest): boolean => {
  const { user, token } = callerOf(request);
  return token === undefined && userId === user.id;
};

const listSessions: Handler = async (request, services) => {
  const { org, user, state } = callerOf(request);
  const userId = textOf(request.query.userId) ?? user.id;
  if (!isOwn(userId, request)) requirePermission(request, 'Auth:Users:Read');
  if (!find(state, 'user', userId)) refuse(refused(404, 'user.not_found', 'user not found', { userId }));
  const rows = await services.identity.findSessionsOf(org.id, userId);
  const items = rows.map((row) => sessionView(row, request, services)).filter((item) => item.isActive);
  return { body: { items } };
};

/** Ends one sign-in, the caller's own or with permission somebody else's. One that is over already stays so. */
const revokeSession: Handler = async (request, services) => {
  const { org } = callerOf(request);
  const sessionId = request.params.sessionId ?? '';
  const row = await services.identity.findSession(sessionId);
  const ours = row?.orgId === org.id ? row : null;
  if (!isOwn(ours?.userId, request)) requirePermission(request, 'Auth:Users:Deactivate');
  if (!ours) return refuse(refused(404, 'session.not_found', 'session not found', { sessionId }));
  const revokedAt = ours.revokedAt ?? new Date(services.now());
  await services.identity.revokeSession(ours.jti, revokedAt);
  return { body: sessionView({ ...ours, revokedAt }, request, services) };
};

export const SESSION_HANDLERS: Handlers = { 'x.listSessions': listSessions, 'x.revokeSession': revokeSession };
