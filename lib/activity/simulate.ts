import { getOperation } from '@/lib/contract/table';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import { verifySignedPrice } from '@/lib/evidence/price';
import { isBeyondPolicy } from '@/lib/ledger/delegation';
import { activityFreeze } from '@/lib/ledger/freeze';
import { ACTIVITY_KIND_OF, nativeOf } from '@/lib/ledger/intent';
import { policiesInForce } from '@/lib/ledger/policies';
import { activityToJudge, requestedActivity } from '@/lib/ledger/requested-activity';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { timeframesOfRule } from '@/lib/ledger/windows';
import type { Policy, PolicyActivity } from '@/lib/policy/policy';
import { type DecisionTrace, traceDecision } from '@/lib/policy/trace';
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
 * Judges a request as it would be judged this moment, by the code that would decide it, and stores nothing.
 * Not ok: what the request itself would be refused with before any policy is asked.
 */
export const simulate = async (
  { orgId, request }: { readonly orgId: string; readonly request: TriedRequest },
  deps: SubmitDeps,
): Promise<Outcome<DecisionTrace>> => {
  if ('policyId' in request || 'permissionId' in request) {
    const { kind: _kind, draft: _draft, ...subject } = request;
    const state = await deps.store.read(orgId, {});
    const isKnown =
      'policyId' in request ? find(state, 'policy', request.policyId) : find(state, 'permission', request.permissionId);
    if (!isKnown) return refused(404, 'policy.subject_unknown', 'There is no such policy or permission.');
    return accepted(trace(state, { kind: request.kind, subject }, request, deps.now()));
  }
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
  const kind = ACTIVITY_KIND_OF[operationId] ?? 'Signature';
  const requested = requestedActivity(state, { kind, params, body: parsed.data }, deps.ports.chainRules);
  if (!requested.ok) return requested;
  const { keyId, network, rules, intent } = requested.value;
  const frozen = activityFreeze(state, {
    kind,
    keyId,
    ...(network ? { network } : {}),
    ...('walletId' in request ? { walletId: request.walletId } : {}),
  });
  if (frozen) return frozen;
  const verified = (price: SignedPrice | null, asset: { readonly network: string; readonly asset: string } | null) =>
    price && asset
      ? verifySignedPrice(price, {
          ...asset,
          at,
          oracleKeys: all(state, 'org')[0]?.genesis.oracleKeys ?? [],
          verify: deps.ports.verifyEd25519,
        })
      : null;
  const price = await priceFor(operationId, state, params.walletId, parsed.data, deps);
  const feePrice = await feePriceFor(operationId, state, params.walletId, parsed.data, deps);
  const asset = rules.quotedAsset(intent);
  const quote = verified(price, asset);
  const native = nativeOf(intent);
  const feeQuote = asset?.asset === native.asset ? quote : verified(feePrice, native);
  const countedNow = Math.max(at, find(state, 'lane', keyId)?.lastAt ?? 0);
  const judged = activityToJudge(state, requested.value, { quote, feeQuote, at, countedNow });
  return accepted(isBeyondPolicy(state, keyId) ? traceDecision([], judged) : trace(state, judged, request, countedNow));
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

const trace = (state: OrgState, activity: PolicyActivity, request: TriedRequest, at: number): DecisionTrace =>
  traceDecision(policiesWith(state, request, at), activity);
