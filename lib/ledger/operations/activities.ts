import type { ChainRules, Intent, Quote } from '@/lib/chain/adapter';
import { isBuiltKind } from '@/lib/contract/built-kinds';
import type { IdKind } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import { verifySignedPrice } from '@/lib/evidence/price';
import { newApproval } from '../approval';
import { freshId, notFound } from '../checks';
import { concernedWallets } from '../concerned-wallets';
import {
  asJson,
  type Decided,
  keyLane,
  type LedgerOperation,
  makeId,
  type OperationInput,
  requesterOf,
} from '../decision';
import { isBeyondPolicy } from '../delegation';
import { externalIdOf, requestHash } from '../external-id';
import { ACTIVITY_KIND_OF, intentOf } from '../intent';
import { ALLOWED, blockingOf, blockReason, decideByPolicy } from '../policies';
import type { ActivityRecord, Change, WalletRecord } from '../records';
import { all, find, put } from '../state';
import { totalInWindow, valueInWindow } from '../windows';

const ID_KIND: { readonly [K in ActivityRecord['kind']]: IdKind } = {
  Transfer: 'transfer',
  Transaction: 'transaction',
  Signature: 'signature',
};

/** What the request acts on: one wallet, or a bare key with the wallets built on it. */
type Target = {
  readonly wallet?: WalletRecord;
  readonly keyId: string;
  readonly network?: string;
  readonly wallets: readonly WalletRecord[];
};

const findTarget = (kind: ActivityRecord['kind'], input: OperationInput): Outcome<Target> => {
  const { state, params, body } = input;
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

/** The oracle's price in the effects, when it is genuine, fresh and of the asset asked for; else unknown (design §4.3 Facts). */
const quoteOf = (input: OperationInput, rules: ChainRules, intent: Intent): Quote | null => {
  const asset = rules.quotedAsset(intent);
  const price = input.effects.price as unknown as SignedPrice | undefined;
  const genesis = all(input.state, 'org')[0]?.genesis;
  if (!asset || !price || !genesis) return null;
  return verifySignedPrice(price, {
    ...asset,
    at: input.leaf.at,
    oracleKeys: genesis.oracleKeys,
    verify: input.ports.verifyEd25519,
  });
};

const decideActivity = (operationId: string, input: OperationInput): Outcome<Decided> => {
  const { state, leaf, actor, body, effects, at, ports } = input;
  const kind = ACTIVITY_KIND_OF[operationId] as ActivityRecord['kind'];
  const target = findTarget(kind, input);
  if (!target.ok) return target;
  const { wallet, keyId, network, wallets } = target.value;
  const requestKind = (body as { kind: string }).kind;
  if (!isBuiltKind(kind.toLowerCase() as 'transfer' | 'transaction' | 'signature', requestKind))
    return refused(501, 'contract.kind_not_built', `${kind} kind "${requestKind}" is not in this version.`);
  const rules = ports.chainRules(network ?? 'KeyECDSA');
  if (!rules) return refused(400, 'network.not_enabled', `network not enabled: ${network}`);
  const intent = intentOf(kind, wallet ?? { network: network ?? 'KeyECDSA' }, body);
  const possible = rules.checkIntent(intent);
  if (!possible.ok) return possible;
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
  const facts = rules.explainIntent(intent, quoteOf(input, rules, intent));
  // A key that no wallet stands on yet has a window of its own.
  const windowWallets = wallets.length > 0 ? wallets.map((item) => item.id) : [keyId];
  const decision = isBeyondPolicy(state, keyId)
    ? ALLOWED
    : decideByPolicy(state, {
        kind: 'Wallets:Sign',
        subject: { wallets: wallets.map((item) => ({ id: item.id, tags: item.tags })) },
        facts,
        inWindow: (timeframeMinutes) =>
          windowWallets.map((walletId) =>
            totalInWindow(state, walletId, { at: leaf.at, countedNow: at, timeframeMinutes }),
          ),
      });
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
    evaluations: decision.evaluations,
    groups: decision.groups,
    status: blocked ? 'Rejected' : approval ? 'Pending' : 'Approved',
    ...(blocked ? { reason } : {}),
    ...(approval ? { approvalId: approval.id, rendering: input.rendering() } : {}),
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

const activityOperation = (operationId: string): LedgerOperation => ({
  operationId,
  lane: ({ state, params }) => keyLane(state, params),
  effects: (input) => ({
    activityId: makeId(ID_KIND[ACTIVITY_KIND_OF[operationId] as ActivityRecord['kind']], input),
    approvalId: makeId('approval', input),
  }),
  decide: (input) => decideActivity(operationId, input),
});

export const transferAsset = activityOperation('wallets.transferAsset');
export const broadcastTransaction = activityOperation('wallets.broadcastTransaction');
export const walletSignature = activityOperation('wallets.generateSignature');
export const keySignature = activityOperation('keys.generateSignature');
