import { type Call, callOf } from '@/lib/verifying/call';
import { checkCall } from '@/lib/verifying/check-call';
import { checkSignIn } from '@/lib/verifying/check-sign-in';
import { type Difference, StatementDiffersError } from '@/lib/verifying/difference';
import type { Query } from '@/lib/verifying/path';
import type { Read } from '@/lib/verifying/read';
import type { Approval, Organisation, Wallet } from '@/lib/verifying/shapes';
import { reader } from './api';
import { tokenOwner } from './token';

/** A challenge as the SDK hands it to its signer; our server's carries the statement it was derived from. */
type Challenge = { readonly challenge: string; readonly statement?: unknown; readonly nonce?: unknown };
type Signer = { sign(challenge: never): Promise<unknown> };
type Options = { readonly baseUrl?: string; readonly authToken?: string; readonly orgId?: string };

export type VerifyingOptions = {
  /** Hash of the organisation's genesis, lower-case hex. Absent: the one the server names first is held to. */
  readonly genesis?: string;
  /** This machine's clock, unix milliseconds; `Date.now` where absent. */
  readonly clock?: () => number;
  /**
   * Fingerprints (`SHA256:…`) of the keys that `auth.activateCredential` may let count, as the devices show them on which they lie. Without
   * the one of its key an activation is refused: the server's list alone could hold a key of the server's own.
   */
  readonly fingerprints?: readonly string[];
};

/** Approvals shown last; a decision on an older one is compared with a fresh answer alone. */
const MOST_REMEMBERED = 1_000;

const refuse = (differences: readonly Difference[]): void => {
  if (differences.length > 0) throw new StatementDiffersError(differences);
};

const optionsOf = (client: object): Options => {
  const { apiOptions } = client as { readonly apiOptions?: Options };
  if (!apiOptions) throw new TypeError('This is no client of @dfns/sdk: it has no apiOptions.');
  return apiOptions;
};

/** What one verifying client has seen, and holds the server to. */
const createMemory = (client: object, options: VerifyingOptions) => {
  const approvals = new Map<string, Approval>();
  const wallets = new Map<string, Promise<unknown>>();
  let genesis: Promise<string> | null = options.genesis ? Promise.resolve(options.genesis) : null;
  const readNow: Read = (...input) => {
    const { baseUrl, authToken } = optionsOf(client);
    if (!baseUrl) throw new TypeError('A verifying client needs its baseUrl.');
    return reader({ baseUrl, ...(authToken && { token: authToken }) })(...input);
  };
  /** A wallet's network and address never change: the first answer counts. */
  const read: Read = async (operationId, input) => {
    const walletId = operationId === 'wallets.getWallet' ? input?.params?.walletId : undefined;
    if (!walletId) return readNow(operationId, input);
    const known = wallets.get(walletId);
    if (known) return known;
    const answer = (await readNow(operationId, input)) as Wallet;
    if (answer.address) wallets.set(walletId, Promise.resolve(answer));
    return answer;
  };
  const held = (): Promise<string> => {
    genesis ??= readNow('x.getOrganisation').then(
      (answer) => (answer as Organisation).genesis,
      (cause: unknown) => {
        genesis = null;
        throw cause;
      },
    );
    return genesis;
  };
  /** Keeps what the caller was shown of approvals: a decision must be about that. */
  const note = (id: string, answer: unknown): void => {
    const shown =
      id === 'policies.getApproval'
        ? [answer as Approval]
        : id === 'policies.listApprovals'
          ? ((answer as { readonly items?: readonly Approval[] }).items ?? [])
          : [];
    for (const approval of shown) {
      approvals.delete(approval.id);
      approvals.set(approval.id, approval);
    }
    for (const oldest of [...approvals.keys()].slice(0, Math.max(0, approvals.size - MOST_REMEMBERED)))
      approvals.delete(oldest);
  };
  const { fingerprints, clock: now = Date.now } = options;
  const shown = (approvalId: string | undefined) => approvals.get(approvalId ?? '');
  return { read, held, note, now, fingerprints, shown };
};
type Memory = ReturnType<typeof createMemory>;

type Noted = { readonly id: string; readonly call: Call | null; readonly client: object; readonly memory: Memory };

/** Compares a challenge with the call it was offered for. @throws {StatementDiffersError} */
const check = async ({ id, call, client, memory }: Noted, challenge: Challenge): Promise<void> => {
  if (!call) return refuse([{ what: 'operation', shown: 'one that this client can check', asked: id }]);
  const owner = tokenOwner(optionsOf(client).authToken ?? '');
  if (!owner) return refuse([{ what: 'person', shown: 'the holder of a token of this platform', asked: 'nobody' }]);
  const orgId = optionsOf(client).orgId ?? owner.orgId;
  const shown = memory.shown(call.params.approvalId);
  const caller = { ...owner, orgId, genesis: await memory.held() };
  const { read, fingerprints } = memory;
  const expected = { ...(shown && { shown }), ...(fingerprints && { fingerprints }) };
  refuse(await checkCall({ call, challenge, caller, read, ...expected, now: memory.now() }));
};

/** Signs the challenge of one call, after the statement behind it was compared with the call. */
const guard = (noted: Noted, signer: Signer): Signer => ({
  sign: async (challenge: Challenge) => {
    await check(noted, challenge);
    return signer.sign(challenge as never);
  },
});

/** `<method>Init` of the delegated client asks for the challenge of `<method>`, which its caller then has signed elsewhere. */
const delegated = (noted: Noted, request: unknown): Noted | null => {
  const id = /^(.+)Init$/.exec(noted.id)?.[1];
  if (noted.call || !id) return null;
  return { ...noted, id, call: callOf(id, request, (request as { readonly query?: Query } | undefined)?.query) };
};

/**
 * Wraps an unmodified client of `@dfns/sdk`, so that its signer signs only what was called (design §4.1). Each call notes method, path
 * and body before the server says anything; when the server offers the challenge, the statement behind it must be derived from them,
 * and hold the context that this client computes: for a decision the digest and the rendering of the ledger entry it has read itself.
 * Every call has a signer of its own, so calls may run side by side. The delegated client hands out no challenge that differs.
 * @returns a client with the same methods; a call whose statement differs rejects with {StatementDiffersError}, and nothing is signed.
 */
export const verifying = <Client extends object>(
  client: Client,
  signer: Signer,
  options: VerifyingOptions = {},
): Client => {
  const memory = createMemory(client, options);
  const bound = (domainName: string, domain: object): object =>
    new Proxy(domain, {
      get: (target, method) => {
        const value = Reflect.get(target, method);
        if (typeof value !== 'function' || typeof method !== 'string') return value;
        return async (request?: unknown, ...rest: readonly unknown[]) => {
          const id = `${domainName}.${method}`;
          const noted = { id, call: callOf(id, request), client, memory };
          const asks = delegated(noted, request);
          const Domain = target.constructor as new (
            apiOptions: object,
          ) => Record<string, (...input: unknown[]) => unknown>;
          const answer = await new Domain({ ...optionsOf(client), signer: guard(noted, signer) })[method]?.(
            request,
            ...rest,
          );
          if (asks) await check(asks, answer as Challenge);
          memory.note(id, answer);
          return answer;
        };
      },
    });
  return new Proxy(client, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      const isDomain = typeof name === 'string' && name !== 'apiOptions' && typeof value === 'object' && value !== null;
      return isDomain ? bound(name, value) : value;
    },
  });
};

/**
 * Wraps a signer for the SDK's own sign-in (`DfnsAuthenticator.login`): it signs the challenge of a login and nothing else.
 * @returns a signer that rejects with {StatementDiffersError} for every other challenge.
 */
export const signInOnly = <S extends Signer>(signer: S): S =>
  ({
    sign: async (challenge: Challenge) => {
      refuse(checkSignIn(challenge));
      return signer.sign(challenge as never);
    },
  }) as unknown as S;
