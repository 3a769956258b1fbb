import type { ChainRules, ChainRulesFor, Intent, Quote } from '@/lib/chain/adapter';
import { isBuiltKind } from '@/lib/contract/built-kinds';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Facts } from '@/lib/policy/facts';
import type { PolicyActivity } from '@/lib/policy/policy';
import { notFound } from './checks';
import { concernedWallets } from './concerned-wallets';
import { intentOf } from './intent';
import { judgedWallets } from './judged-wallets';
import type { ActivityRecord, WalletRecord } from './records';
import { all, find, type OrgState } from './state';
import { totalInWindow } from './windows';

type Request = {
  readonly kind: ActivityRecord['kind'];
  readonly params: { readonly [name: string]: string };
  /** Parsed by the operation's closed schema. */
  readonly body: unknown;
};

/** What the request acts on: one wallet, or a bare key with the wallets built on it. */
type Target = {
  readonly wallet?: WalletRecord;
  readonly keyId: string;
  readonly network?: string;
  readonly wallets: readonly WalletRecord[];
};

const findTarget = (state: OrgState, { kind, params, body }: Request): Outcome<Target> => {
  if (params.walletId !== undefined) {
    const wallet = find(state, 'wallet', params.walletId);
    if (wallet?.status !== 'Active') return notFound('wallet', 'walletId', params.walletId);
    const { keyId, network } = wallet;
    const wallets = concernedWallets(state, { kind, keyId, walletId: wallet.id, network });
    return accepted({ wallet, keyId, network, wallets });
  }
  const key = find(state, 'key', params.keyId ?? '');
  if (key?.status !== 'Active') return notFound('key', 'keyId', params.keyId ?? '');
  const network = (body as { network?: string }).network;
  const wallets = concernedWallets(state, { kind, keyId: key.id });
  return accepted({ keyId: key.id, ...(network ? { network } : {}), wallets });
};

/** A request for a signature that could be carried out, with everything policies need but its price. */
export type RequestedActivity = Target & {
  readonly rules: ChainRules;
  readonly intent: Intent;
  /** Wallets in whose windows it counts. A key that no wallet stands on yet has a window of its own. */
  readonly windowWallets: readonly string[];
};

/** Finds what a request acts on and whether it could ever be carried out. */
export const requestedActivity = (
  state: OrgState,
  request: Request,
  rulesFor: ChainRulesFor,
): Outcome<RequestedActivity> => {
  const target = findTarget(state, request);
  if (!target.ok) return target;
  const { wallet, keyId, network, wallets } = target.value;
  const requestKind = (request.body as { kind: string }).kind;
  if (!isBuiltKind(request.kind.toLowerCase() as 'transfer' | 'transaction' | 'signature', requestKind))
    return refused(501, 'contract.kind_not_built', `${request.kind} kind "${requestKind}" is not in this version.`);
  const rules = rulesFor(network ?? 'KeyECDSA');
  if (!rules) return refused(400, 'network.not_enabled', `network not enabled: ${network}`);
  const intent = intentOf(request.kind, wallet ?? { network: network ?? 'KeyECDSA' }, request.body);
  const possible = rules.checkIntent(intent);
  if (!possible.ok) return possible;
  const windowWallets = wallets.length > 0 ? wallets.map((item) => item.id) : [keyId];
  return accepted({ ...target.value, rules, intent, windowWallets });
};

/** What the policies judge: the same for a request that is written down and for one that is only tried. */
export const activityToJudge = (
  state: OrgState,
  { rules, intent, wallets, windowWallets }: RequestedActivity,
  input: {
    readonly quote: Quote | null;
    /** Price of the native asset; it counts where fees count into amounts. */
    readonly feeQuote: Quote | null;
    readonly at: number;
    readonly countedNow: number;
    readonly screening?: PolicyActivity['screening'];
  },
): PolicyActivity & { readonly facts: Facts } => ({
  kind: 'Wallets:Sign',
  subject: { wallets: judgedWallets(wallets, input.countedNow) },
  facts: {
    ...rules.explainIntent(intent, input.quote),
    // `strict` organisations count the most the fee may be into amounts (design §4.3 Pins).
    ...(all(state, 'org')[0]?.strict ? { feeQuote: input.feeQuote } : {}),
  },
  ...(input.screening ? { screening: input.screening } : {}),
  inWindow: (timeframeMinutes) =>
    windowWallets.map((walletId) =>
      totalInWindow(state, walletId, { at: input.at, countedNow: input.countedNow, timeframeMinutes }),
    ),
});
