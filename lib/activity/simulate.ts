import { getOperation } from '@/lib/contract/table';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import { verifySignedPrice } from '@/lib/evidence/price';
import { trialOf } from '@/lib/evidence/screening';
import type { Actor } from '@/lib/ledger/decision';
import { delegationRefusal, isBeyondPolicy } from '@/lib/ledger/delegation';
import { activityFreeze } from '@/lib/ledger/freeze';
import { ACTIVITY_KIND_OF, nativeOf } from '@/lib/ledger/intent';
import { policiesInForce } from '@/lib/ledger/policies';
import { activityToJudge, type RequestedActivity, requestedActivity } from '@/lib/ledger/requested-activity';
import { outgoingTransfer, readScreenings, screeningsOf, vendorsAsked } from '@/lib/ledger/screening';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { timeframesOfRule } from '@/lib/ledger/windows';
import type { Policy } from '@/lib/policy/policy';
import type { Screening } from '@/lib/policy/screening';
import { type DecisionTrace, traceDecision } from '@/lib/policy/trace';
import { askVendors } from './ask-vendors';
import type { TriedRequest } from './ports';
import { subjectOfRequest } from './subject';
import { feePriceFor, priceFor, type SubmitDeps } from './submit';

const OPERATION_OF = {
  Transfer: 'wallets.transferAsset',
  Transaction: 'wallets.broadcastTransaction',
  Signature: 'wallets.generateSignature',
  KeySignature: 'keys.generateSignature',
} as const;

/**
 * Judges a request as it would be judged this moment, by the code that would decide it, and stores nothing. Vendors are asked as the
 * request would have them asked, of a transfer that is only tried.
 * Not ok: what the request itself would be refused with before any policy is asked.
 */
export const simulate = async (
  {
    orgId,
    actor,
    request,
  }: { readonly orgId: string; readonly actor: Pick<Actor, 'user' | 'token'>; readonly request: TriedRequest },
  deps: SubmitDeps,
): Promise<Outcome<DecisionTrace>> => {
  if (!('body' in request)) return simulateChange(await deps.store.read(orgId, {}), request, deps.now());
  const operationId = OPERATION_OF[request.kind];
  const parsed = getOperation(operationId).body?.safeParse(request.body);
  if (!parsed?.success) {
    const issue = parsed?.error.issues[0];
    return refused(400, 'contract.invalid_body', `body.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  const params: { [name: string]: string } =
    'walletId' in request ? { walletId: request.walletId } : { keyId: request.keyId };
  const at = deps.now();
  const state = await deps.store.read(orgId, {
    ...subjectOfRequest(operationId, params, parsed.data),
    at,
    timeframes: request.draft ? timeframesOfRule(request.draft.definition.rule) : [],
  });
  const belongsToOther = delegationRefusal(state, operationId, params, actor);
  if (belongsToOther) return belongsToOther;
  const kind = ACTIVITY_KIND_OF[operationId] ?? 'Signature';
  const requested = requestedActivity(state, { kind, params, body: parsed.data }, deps.ports.chainRules);
  if (!requested.ok) return requested;
  const { keyId, network } = requested.value;
  const frozen = activityFreeze(state, {
    kind,
    keyId,
    ...(network ? { network } : {}),
    ...('walletId' in request ? { walletId: request.walletId } : {}),
  });
  if (frozen) return frozen;
  const countedNow = Math.max(at, find(state, 'lane', keyId)?.lastAt ?? 0);
  const policies = isBeyondPolicy(state, keyId) ? [] : policiesWith(state, request, countedNow);
  const asked = { operationId, walletId: params.walletId, body: parsed.data, at };
  const [quotes, screening] = await Promise.all([
    quotesFor(state, requested.value, asked, deps),
    screeningsFor(state, requested.value, policies, at, deps),
  ]);
  const judged = activityToJudge(state, requested.value, {
    ...quotes,
    at,
    countedNow,
    screening: readScreenings(screening, at),
  });
  return accepted(traceDecision(policies, judged));
};

/** A change of governance, by the policies of its kind; of a policy or role that exists, or of something else that is governed. */
const simulateChange = (
  state: OrgState,
  request: Exclude<TriedRequest, { readonly body: unknown }>,
  at: number,
): Outcome<DecisionTrace> => {
  const { kind, draft: _draft, ...subject } = request;
  const isKnown =
    'permissionId' in subject
      ? find(state, 'permission', subject.permissionId)
      : subject.policyId === undefined || find(state, 'policy', subject.policyId);
  if (!isKnown) return refused(404, 'policy.subject_unknown', 'There is no such policy or permission.');
  return accepted(traceDecision(policiesWith(state, request, at), { kind, subject }));
};

/** What the oracle says the request is worth now, where it is genuine. */
const quotesFor = async (
  state: OrgState,
  { rules, intent }: RequestedActivity,
  asked: {
    readonly operationId: string;
    readonly walletId: string | undefined;
    readonly body: unknown;
    readonly at: number;
  },
  deps: SubmitDeps,
) => {
  const { operationId, walletId, body, at } = asked;
  const verified = (price: SignedPrice | null, asset: { readonly network: string; readonly asset: string } | null) =>
    price && asset
      ? verifySignedPrice(price, {
          ...asset,
          at,
          oracleKeys: all(state, 'org')[0]?.genesis.oracleKeys ?? [],
          verify: deps.ports.verifyEd25519,
        })
      : null;
  const price = await priceFor(operationId, state, walletId, body, deps);
  const feePrice = await feePriceFor(operationId, state, walletId, body, deps);
  const asset = rules.quotedAsset(intent);
  const quote = verified(price, asset);
  const native = nativeOf(intent);
  return { quote, feeQuote: asset?.asset === native.asset ? quote : verified(feePrice, native) };
};

/** What the vendors that these policies would read say of the transfer, where it is genuine. */
const screeningsFor = async (
  state: OrgState,
  { wallet, wallets, rules, intent }: RequestedActivity,
  policies: readonly Policy[],
  at: number,
  deps: SubmitDeps,
): Promise<readonly Screening[]> => {
  const real = outgoingTransfer(state, wallet, rules.explainIntent(intent, null));
  if (!real) return [];
  const transfer = trialOf(real);
  const { signed } = await askVendors(vendorsAsked(state, 'Wallets:Sign', wallets, at, policies), transfer, deps);
  return screeningsOf(signed, { state, transfer, at, verify: deps.ports.verifyEd25519 });
};

/** The policies in force, with the draft in place of the one it names. */
const policiesWith = (state: OrgState, { draft }: TriedRequest, at: number): readonly Policy[] => {
  if (!draft) return policiesInForce(state, at);
  const { policyId = DRAFT, definition } = draft;
  return [
    ...policiesInForce(state, at).filter((policy) => policy.id !== policyId),
    { id: policyId, version: DRAFT, status: 'Active', definition },
  ];
};

const DRAFT = 'draft';
