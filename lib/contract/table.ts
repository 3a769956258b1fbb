import { ACCESS } from './access';
import { APPROVAL_QUEUE } from './approval-queue';
import { APPROVALS } from './approvals';
import { AUDIT } from './audit';
import { AUTH_ACTIONS } from './auth-actions';
import { AUTH_LOGIN } from './auth-login';
import { AUTH_REGISTRATION } from './auth-registration';
import { CREDENTIALS } from './credentials';
import { DECISIONS } from './decisions';
import { DELEGATIONS } from './delegations';
import { EVIDENCE } from './evidence';
import { EXTENSIONS } from './extensions';
import { KEYS } from './keys';
import { LEDGER } from './ledger';
import { NETWORK_CALLS } from './network-calls';
import type { Method, Operation } from './operation';
import { OUT_OF_SCOPE } from './out-of-scope';
import { PATS } from './pats';
import { PERMISSIONS } from './permissions';
import { POLICIES } from './policies';
import { REMINDERS } from './reminders';
import { REQUEST_LOG } from './request-log';
import { SERVICE_ACCOUNTS } from './service-accounts';
import { SESSIONS } from './sessions';
import { SETUP } from './setup';
import { SIGNATURES } from './signatures';
import { SIGNERS } from './signers';
import { STANDINGS } from './standings';
import { TRANSACTIONS } from './transactions';
import { TRANSFERS } from './transfers';
import { USERS } from './users';
import { WALLETS } from './wallets';
import { WEBHOOKS } from './webhooks';
import { WITHDRAWALS } from './withdrawals';

/** Every operation of the API: each method and path once. */
export const OPERATIONS: readonly Operation[] = [
  ...AUTH_ACTIONS,
  ...AUTH_REGISTRATION,
  ...AUTH_LOGIN,
  ...USERS,
  ...CREDENTIALS,
  ...SERVICE_ACCOUNTS,
  ...PATS,
  ...PERMISSIONS,
  ...POLICIES,
  ...APPROVALS,
  ...KEYS,
  ...WALLETS,
  ...TRANSFERS,
  ...TRANSACTIONS,
  ...SIGNATURES,
  ...NETWORK_CALLS,
  ...WEBHOOKS,
  ...EXTENSIONS,
  ...SIGNERS,
  ...APPROVAL_QUEUE,
  ...DECISIONS,
  ...DELEGATIONS,
  ...WITHDRAWALS,
  ...STANDINGS,
  ...REMINDERS,
  ...EVIDENCE,
  ...LEDGER,
  ...AUDIT,
  ...ACCESS,
  ...REQUEST_LOG,
  ...SESSIONS,
  ...SETUP,
  ...OUT_OF_SCOPE,
];

/** A matched request: `params` are decoded, `rawParams` as they stand in the pathname. */
export type Match = {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  readonly rawParams: Readonly<Record<string, string>>;
};

type Node = { readonly fixed: Map<string, Node>; param: Node | null; readonly operations: Map<string, Operation> };
const newNode = (): Node => ({ fixed: new Map(), param: null, operations: new Map() });

const ROOT = newNode();
for (const operation of OPERATIONS) {
  let node = ROOT;
  for (const segment of operation.path.slice(1).split('/')) {
    if (segment.startsWith(':')) {
      node.param ??= newNode();
      node = node.param;
    } else {
      const next = node.fixed.get(segment) ?? newNode();
      node.fixed.set(segment, next);
      node = next;
    }
  }
  if (node.operations.has(operation.method))
    throw new Error(`${operation.method} ${operation.path} stands twice in the table.`);
  node.operations.set(operation.method, operation);
}

const findNode = (node: Node, segments: readonly string[], at: number): Node | null => {
  const segment = segments[at];
  if (segment === undefined) return node.operations.size > 0 ? node : null;
  const fixed = node.fixed.get(segment);
  const found = fixed ? findNode(fixed, segments, at + 1) : null;
  if (found) return found;
  return node.param && segment !== '' ? findNode(node.param, segments, at + 1) : null;
};

const decode = (raw: string): string | null => {
  try {
    return decodeURIComponent(raw);
  } catch {
    return null;
  }
};

/**
 * Finds the operation of a request.
 * @param pathname RAW encoded pathname of the request line: user actions are bound to it (contract §1.1).
 * @returns null for an unknown path (404), the allowed methods for a known path with another method (405).
 * A static segment wins over a parameter: `GET /keys/import` is 405, not the key called "import".
 */
export const matchOperation = (
  method: string,
  pathname: string,
): Match | { readonly methodNotAllowed: readonly Method[] } | null => {
  if (!pathname.startsWith('/')) return null;
  const segments = pathname.slice(1).split('/');
  const node = findNode(ROOT, segments, 0);
  if (!node) return null;
  const operation = node.operations.get(method);
  if (!operation) return { methodNotAllowed: [...node.operations.values()].map((other) => other.method) };
  const rawParams: Record<string, string> = {};
  const params: Record<string, string> = {};
  for (const [at, name] of operation.path.slice(1).split('/').entries()) {
    if (!name.startsWith(':')) continue;
    const raw = segments[at] ?? '';
    const value = decode(raw);
    if (value === null) return null;
    rawParams[name.slice(1)] = raw;
    params[name.slice(1)] = value;
  }
  return { operation, params, rawParams };
};

/** The operation with that id. @throws when there is none: ids are written by us, so this is a bug. */
export const getOperation = (id: string): Operation => {
  const operation = OPERATIONS.find((candidate) => candidate.id === id);
  if (!operation) throw new Error(`There is no operation "${id}".`);
  return operation;
};
