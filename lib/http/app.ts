import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { authorize, principalOf } from '@/lib/authorization/evaluate';
import { buildOpenApi, type JsonObject } from '@/lib/contract/openapi';
import type { Operation } from '@/lib/contract/operation';
import { type Match, matchOperation, OPERATIONS } from '@/lib/contract/table';
import { type Outcome, refused } from '@/lib/domain/refusal';
import { grantsOf } from '@/lib/ledger/live';
import { proofOfAssertion } from './authorization';
import { MAX_BODY_BYTES, parseBody, parseQuery, readBody, withoutQuotes } from './body';
import { type Answer, type ApiRequest, orRefuse } from './handler';
import { healthAnswer } from './health';
import { resolveCaller, resolveRegistration } from './principal';
import { COMMON_HEADERS, jsonResponse, problemResponse, refusalOf, transportHeaders } from './problem';
import type { Registry } from './registry';
import type { Services } from './services';
import { submitSigned } from './submit';
import { spendUserAction, USER_ACTION_HEADER } from './user-action';

/** What the mount tells about a connection; absent where it knows nothing. */
export type Connection = { readonly remoteAddress?: string };

/**
 * The whole API as one Hono app, built from the operation table. Order of checks (contract §2.5): route, size, bearer, rate,
 * user action, permission, schema, then the handler (entity, state, policy). Every answer is JSON in the contract's shape.
 */
export const createApi = (
  services: Services,
  registry: Registry,
  connectionOf: (env: unknown) => Connection = () => ({}),
): Hono => {
  const app = new Hono();
  app.all('*', async (context) => {
    const request = context.req.raw;
    const { pathname, search, searchParams } = new URL(request.url);
    if (request.method === 'OPTIONS') return preflight();
    const id = randomUUID();
    const startedAt = performance.now();
    const seen: Seen = {};
    const response = await respond(
      { id, request, pathname, search, searchParams, connection: connectionOf(context.env), seen },
      services,
      registry,
    );
    for (const [name, value] of Object.entries(transportHeaders(services.settings.publicUrl)))
      response.headers.set(name, value);
    const ms = Math.round(performance.now() - startedAt);
    // SECURITY: neither query nor headers nor bodies are logged: they may hold codes and tokens.
    services.log.info(
      { request: id, method: request.method, path: pathname, status: response.status, ms, ...seen },
      'request',
    );
    const { orgId, userId, tokenId, operation } = seen;
    if (orgId && userId && tokenId)
      services.requestLog.note({
        orgId,
        userId,
        tokenId,
        ...(operation && { operation }),
        requestId: id,
        at: Date.now() - ms,
        method: request.method,
        path: pathname,
        status: response.status,
        ms,
      });
    return response;
  });
  return app;
};

/** Whether a path belongs to the API and not to pages. */
export const isApiPath = (pathname: string): boolean =>
  FIXED_PATHS.includes(pathname) || API_ROOTS.some((root) => pathname === root || pathname.startsWith(`${root}/`));

const API_ROOTS = [...new Set([...OPERATIONS.map(({ path }) => `/${path.split('/')[1]}`), '/health'])];
const FIXED_PATHS = ['/openapi.json', '/.well-known/jwks.json'];

type Seen = { operation?: string; orgId?: string; userId?: string; tokenId?: string };
type Incoming = {
  readonly id: string;
  readonly request: Request;
  readonly pathname: string;
  readonly search: string;
  readonly searchParams: URLSearchParams;
  readonly connection: Connection;
  readonly seen: Seen;
};

const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, x-dfns-useraction, x-dfns-sdk-version',
      'access-control-expose-headers': 'retry-after, x-request-id',
      'access-control-max-age': '7200',
    },
  });

const respond = async (incoming: Incoming, services: Services, registry: Registry): Promise<Response> => {
  const { id, seen } = incoming;
  try {
    return (
      (await fixedAnswer(incoming, services)) ?? toResponse(id, await answerOperation(incoming, services, registry))
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal.status === 500) services.log.error({ err: error, request: id, ...seen }, 'request failed');
    return problemResponse(id, refusal);
  }
};

/** Made once a server: it takes longer than most answers. */
const documents = new WeakMap<Services, JsonObject>();
const openApiOf = (services: Services): JsonObject => {
  const made = documents.get(services) ?? buildOpenApi({ version: '1', serverUrl: services.settings.publicUrl });
  documents.set(services, made);
  return made;
};

/** Answers that belong to the server and not to an organisation. */
const fixedAnswer = async ({ id, request, pathname }: Incoming, services: Services): Promise<Response | null> => {
  const answers: Readonly<Record<string, () => Promise<{ status: number; body: unknown }>>> = {
    '/health/live': async () => ({ status: 200, body: { status: 'ok' } }),
    '/health/ready': () => healthAnswer(services),
    '/openapi.json': async () => ({ status: 200, body: openApiOf(services) }),
    '/.well-known/jwks.json': async () => ({ status: 200, body: await services.tokens.jwks() }),
  };
  if (!Object.hasOwn(answers, pathname)) return null;
  if (request.method !== 'GET' && request.method !== 'HEAD') orRefuse(methodNotAllowed(['GET']));
  const answer = await answers[pathname]?.();
  return answer ? jsonResponse(id, answer.status, answer.body) : null;
};

const answerOperation = async (incoming: Incoming, services: Services, registry: Registry): Promise<Answer> => {
  const { request, seen } = incoming;
  const match = matched(request.method === 'HEAD' ? 'GET' : request.method, incoming.pathname);
  const { operation } = match;
  seen.operation = operation.id;
  const bytes = withoutQuotes(orRefuse(await readBody(request, maxBytesOf(operation))));
  const checked = await identify(incoming, operation, bytes, services);
  if (!operation.built) orRefuse(notBuilt(operation));
  const apiRequest: ApiRequest = {
    id: incoming.id,
    operation,
    params: match.params,
    query: orRefuse(parseQuery(operation.query, incoming.searchParams)),
    body:
      operation.method === 'GET' ? {} : orRefuse(parseBody(operation.body, bytes, request.headers.get('content-type'))),
    bytes,
    headers: request.headers,
    address: addressOf(incoming),
    signal: request.signal,
    ...checked,
  };
  const handler = registry.handlers[operation.id];
  if (handler) return handler(apiRequest, services);
  return operation.userAction ? submitSigned(apiRequest, services, registry.views) : orRefuse(notBuilt(operation));
};

type Identified = Pick<ApiRequest, 'caller' | 'registration' | 'signed'>;

/** Stops 2 and 3 of a request: who is it, did a credential sign exactly this, and may they. */
const identify = async (
  incoming: Incoming,
  operation: Operation,
  bytes: Uint8Array,
  services: Services,
): Promise<Identified> => {
  const { request, seen } = incoming;
  if (operation.access === 'public') {
    await limit(`address:${addressOf(incoming)}`, services);
    return {};
  }
  if (operation.access === 'temporary') {
    const registration = await identified(
      await resolveRegistration(request, services, operation.id),
      incoming,
      services,
    );
    Object.assign(seen, { orgId: registration.orgId, userId: registration.userId });
    await limit(registration.orgId, services);
    return { registration };
  }
  const found = await identified(await resolveCaller(request, services), incoming, services);
  Object.assign(seen, { orgId: found.org.id, userId: found.user.id, tokenId: found.token?.id });
  await limit(`principal:${found.token?.id ?? found.user.id}`, services, PRINCIPAL_SHARE);
  await limit(found.org.id, services);
  const called = { method: operation.method, pathname: incoming.pathname, search: incoming.search, bytes };
  const signed = operation.userAction
    ? orRefuse(await spendUserAction(request.headers.get(USER_ACTION_HEADER), called, found, services))
    : undefined;
  // What changes something is proved by its own signature, however long ago somebody signed in.
  const caller = signed ? { ...found, proof: proofOfAssertion(signed.assertion) } : found;
  orRefuse(authorize(principalOf(caller, caller.proof), operation.permission ?? [], grantsOf(caller.state)));
  return { caller, signed };
};

const addressOf = ({ connection }: Incoming): string => connection.remoteAddress ?? 'unknown';

/** Whoever guesses tokens is slowed down by address, like somebody who has none. */
const identified = async <T>(found: Outcome<T>, incoming: Incoming, services: Services): Promise<T> => {
  if (!found.ok) await limit(`address:${addressOf(incoming)}`, services);
  return orRefuse(found);
};

/** What of an organisation's requests one principal may make, so that a program that runs wild leaves room for people. */
const PRINCIPAL_SHARE = 0.8;
/** Budgets below this, requests a minute, are not divided. */
const SMALLEST_DIVIDED = 100;

const limit = async (bucketId: string, services: Services, share = 1): Promise<void> => {
  const budget = services.settings.rateLimit;
  const rateLimit = budget < SMALLEST_DIVIDED ? budget : Math.floor(budget * share);
  const retryAfterSeconds = rateLimit === 0 ? 0 : await services.identity.takeRequest(bucketId, rateLimit);
  if (retryAfterSeconds > 0) {
    orRefuse(
      refused(
        429,
        'http.rate_limit',
        `More than ${rateLimit} requests a minute. Try again in ${retryAfterSeconds} s.`,
        { retryAfterSeconds },
      ),
    );
  }
};

const matched = (method: string, pathname: string): Match => {
  const match = matchOperation(method, pathname);
  if (match && 'operation' in match) return match;
  return orRefuse(
    match
      ? methodNotAllowed(match.methodNotAllowed)
      : refused(404, 'http.unknown_route', `There is nothing at ${method} ${pathname}.`),
  );
};

const methodNotAllowed = (allow: readonly string[]): Outcome<never> =>
  refused(405, 'http.method_not_allowed', `Only ${allow.join(', ')} can be used here.`, { allow });

const notBuilt = ({ method, path }: Operation): Outcome<never> =>
  refused(501, 'contract.not_built', `${method} ${path} is not in this version.`);

/** A user-action challenge carries another request's whole body as JSON text, which escaping makes longer. */
const maxBytesOf = (operation: Operation): number =>
  operation.id === 'auth.createUserActionChallenge' ? 2 * MAX_BODY_BYTES + 65_536 : MAX_BODY_BYTES;

const toResponse = (requestId: string, answer: Answer): Response => {
  if ('stream' in answer) {
    return new Response(answer.stream, {
      headers: {
        ...COMMON_HEADERS,
        ...answer.headers,
        'content-type': answer.contentType,
        'x-request-id': requestId,
      },
    });
  }
  const { status = 200, body, headers } = answer;
  if (status === 204) return new Response(null, { status, headers: { ...COMMON_HEADERS, 'x-request-id': requestId } });
  return jsonResponse(requestId, status, body, headers);
};
