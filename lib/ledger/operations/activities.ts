import type { ChainRules, Intent, Quote } from '@/lib/chain/adapter';
import type { IdKind } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import { verifySignedPrice } from '@/lib/evidence/price';
import { traceDecision } from '@/lib/policy/trace';
import { newApproval } from '../approval';
import { freshId } from '../checks';
import {
  asJson,
  type Decided,
  type EffectsInput,
  keyLane,
  type LedgerOperation,
  makeId,
  type OperationInput,
  requesterOf,
} from '../decision';
import { isBeyondPolicy } from '../delegation';
import { externalIdOf, requestHash } from '../external-id';
import { ACTIVITY_KIND_OF, nativeOf } from '../intent';
import { ALLOWED, blockingOf, blockReason, decideByPolicy, policiesInForce } from '../policies';
import type { ActivityRecord, Change } from '../records';
import { activityToJudge, requestedActivity } from '../requested-activity';
import { outgoingTransfer, readScreenings, screeningsOf } from '../screening';
import { all, find, put } from '../state';
import { valueInWindow } from '../windows';

const ID_KIND: { readonly [K in ActivityRecord['kind']]: IdKind } = {
  Transfer: 'transfer',
  Transaction: 'transaction',
  Signature: 'signature',
};

/** The oracle's prices in the effects, where they are genuine, fresh and of the assets asked for; else unknown (design §4.3 Facts). */
const quotesOf = (input: OperationInput, rules: ChainRules, intent: Intent) => {
  const genesis = all(input.state, 'org')[0]?.genesis;
  const quote = (name: 'price' | 'feePrice', asset: ReturnType<ChainRules['quotedAsset']>): Quote | null => {
    const price = input.effects[name] as unknown as SignedPrice | undefined;
    if (!asset || !price || !genesis) return null;
    return verifySignedPrice(price, {
      ...asset,
      at: input.leaf.at,
      oracleKeys: genesis.oracleKeys,
      verify: input.ports.verifyEd25519,
    });
  };
  const asset = rules.quotedAsset(intent);
  const moved = quote('price', asset);
  const native = nativeOf(intent);
  return { quote: moved, feeQuote: asset?.asset === native.asset ? moved : quote('feePrice', native) };
};

/** Decides a request for a signature. @param recreates The request it asks for again. */
export const decideActivity = (operationId: string, input: OperationInput, recreates?: string): Outcome<Decided> => {
  const { state, leaf, actor, body, effects, at, ports } = input;
  const kind = ACTIVITY_KIND_OF[operationId] as ActivityRecord['kind'];
  const requested = requestedActivity(state, { kind, params: input.params, body }, ports.chainRules);
  if (!requested.ok) return requested;
  const { wallet, keyId, network, windowWallets, rules, intent } = requested.value;
  const id = freshId(state, effects, 'activityId', ID_KIND[kind], 'activity');
  if (!id.ok) return id;
  const approvalId = freshId(state, effects, 'approvalId', 'approval', 'approval');
  if (!approvalId.ok) return approvalId;
  const external = externalIdOf(operationId, body);
  const duplicate = external ? find(state, 'externalId', external) : undefined;
  if (duplicate)
    return refused(409, 'activity.external_id', `Conflicting ${kind.toLowerCase()} with same externalId`, {
      duplicate: { id: duplicate.activityId, externalId: (body as { externalId?: string }).externalId },
    });
  const screening = screeningsOf(effects.screening, {
    state,
    transfer: outgoingTransfer(state, wallet, rules.explainIntent(intent, null)),
    at: leaf.at,
    verify: ports.verifyEd25519,
  });
  const judged = activityToJudge(state, requested.value, {
    ...quotesOf(input, rules, intent),
    at: leaf.at,
    countedNow: at,
    screening: readScreenings(screening, leaf.at),
  });
  const { facts } = judged;
  const decision = isBeyondPolicy(state, keyId) ? ALLOWED : decideByPolicy(state, judged, at);
  const blocked = decision.outcome === 'Block';
  const reason = blockReason(state, decision);
  const approval =
    decision.outcome === 'RequestApproval'
      ? newApproval({
          id: approvalId.value,
          initiatorId: actor.user.id,
          subject: { kind: 'Activity', id: id.value },
          activityKind: 'Wallets:Sign',
          decision,
          at,
        })
      : undefined;
  const activity: ActivityRecord = {
    id: id.value,
    kind,
    ...(wallet ? { walletId: wallet.id } : {}),
    keyId,
    ...(network ? { network } : {}),
    requester: requesterOf(actor),
    requestBody: asJson(body),
    ...(external ? { externalId: (body as { externalId: string }).externalId } : {}),
    digest: input.digest,
    bodyHash: leaf.bodyHash,
    facts,
    ...(screening.length > 0 ? { screening } : {}),
    evaluations: decision.evaluations,
    groups: decision.groups,
    ...(decision.delayMinutes > 0 ? { delayMinutes: decision.delayMinutes } : {}),
    status: blocked ? 'Rejected' : approval ? 'Pending' : 'Approved',
    ...(blocked ? { reason } : {}),
    ...(approval ? { approvalId: approval.id, rendering: input.rendering() } : {}),
    ...(recreates === undefined ? {} : { recreates }),
    at: leaf.at,
    countedAt: at,
    ...(approval ? {} : { datePolicyResolved: at }),
  };
  const changes: Change[] = [put('activity', activity)];
  const key = find(state, 'key', keyId);
  // From now on it can't be handed to an end user any more.
  if (!blocked && key?.delayDelegation && !key.isUsed) changes.push(put('key', { ...key, isUsed: true }));
  if (external)
    changes.push(
      put('externalId', { id: external, activityId: id.value, requestHash: requestHash(input.params, body) }),
    );
  if (approval) changes.push(put('approval', approval));
  for (const walletId of windowWallets)
    changes.push(
      put('window', {
        id: windowWallets.length === 1 ? id.value : `${id.value}:${walletId}`,
        activityId: id.value,
        walletId,
        at: leaf.at,
        counts: !blocked,
        ...valueInWindow(facts),
        ...(approval?.expirationDate === undefined ? {} : { pendingUntil: approval.expirationDate }),
      }),
    );
  return accepted({
    changes,
    result: { kind: 'activity', id: id.value },
    status: 200,
    ...(blocked ? { trace: () => traceDecision(policiesInForce(state, at), judged) } : {}),
    ...(blocked
      ? {
          answer: refused(403, 'policy.blocked', reason, {
            policyIds: blockingOf(decision).map((item) => item.policyId),
            requestId: id.value,
          }).refusal,
        }
      : {}),
  });
};

/** Ids that a request for a signature needs. */
export const activityEffects = (operationId: string, input: EffectsInput) => ({
  activityId: makeId(ID_KIND[ACTIVITY_KIND_OF[operationId] as ActivityRecord['kind']], input),
  approvalId: makeId('approval', input),
});

const activityOperation = (operationId: string): LedgerOperation => ({
  operationId,
  lane: ({ state, params }) => keyLane(state, params),
  effects: (input) => activityEffects(operationId, input),
  decide: (input) => decideActivity(operationId, input),
});

export const transferAsset = activityOperation('wallets.transferAsset');
export const broadcastTransaction = activityOperation('wallets.broadcastTransaction');
export const walletSignature = activityOperation('wallets.generateSignature');
export const keySignature = activityOperation('keys.generateSignature');
