import { hashBody } from '@/lib/authentication/statement';
import type { Json } from '@/lib/domain/canonical-json';
import type { RandomBytes } from '@/lib/domain/ids';
import { accepted, type Outcome, type Refusal, refused } from '@/lib/domain/refusal';
import type { SignedPrice } from '@/lib/evidence/checkpoint';
import type { SignedScreening } from '@/lib/evidence/screening';
import { concernedWallets } from '@/lib/ledger/concerned-wallets';
import { decideEntry } from '@/lib/ledger/decide';
import { isBeyondPolicy } from '@/lib/ledger/delegation';
import type { Effects, Leaf } from '@/lib/ledger/entry';
import { externalIdOf, requestHash } from '@/lib/ledger/external-id';
import { askedAlready } from '@/lib/ledger/governed';
import { ACTIVITY_KIND_OF, intentOf, nativeOf } from '@/lib/ledger/intent';
import type { LedgerPorts } from '@/lib/ledger/ports';
import type { ActivityRecord } from '@/lib/ledger/records';
import { outgoingTransfer, vendorsAsked } from '@/lib/ledger/screening';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { statementId } from '@/lib/ledger/statement-check';
import { parseBody, resolveOperation } from '@/lib/ledger/user-action';
import { type AskVendor, askVendors } from './ask-vendors';
import { jobsOf } from './jobs-of';
import type { SignedRequest, Submitted } from './ports';
import { recordedDecision } from './recorded-decision';
import type { LedgerStore } from './store';
import { subjectOfRequest } from './subject';

export type SubmitDeps = {
  readonly store: LedgerStore;
  readonly ports: LedgerPorts;
  readonly now: () => number;
  readonly random: RandomBytes;
  /** The oracle's signed price of an asset, or null: a price that can't be had is unknown, never a failure. */
  readonly price: (asset: { readonly network: string; readonly asset: string }) => Promise<SignedPrice | null>;
  readonly screening: AskVendor;
};

const query = (path: string): { [name: string]: string } =>
  Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));

/** Asks the oracle for what the policies of this request will need; before the locks, since it waits for another process. */
export const priceFor = async (
  operationId: string,
  state: OrgState,
  walletId: string | undefined,
  body: unknown,
  deps: Pick<SubmitDeps, 'ports' | 'price'>,
): Promise<SignedPrice | null> => {
  const kind = ACTIVITY_KIND_OF[operationId];
  const wallet = walletId ? find(state, 'wallet', walletId) : undefined;
  const rules = wallet ? deps.ports.chainRules(wallet.network) : null;
  if (!kind || !wallet || !rules) return null;
  const asset = rules.quotedAsset(intentOf(kind, wallet, body));
  return asset ? deps.price(asset) : null;
};

/** The native price, where the organisation counts fees into amounts and the request moves something else. */
export const feePriceFor = async (
  operationId: string,
  state: OrgState,
  walletId: string | undefined,
  body: unknown,
  deps: Pick<SubmitDeps, 'ports' | 'price'>,
): Promise<SignedPrice | null> => {
  const kind = ACTIVITY_KIND_OF[operationId];
  const wallet = walletId ? find(state, 'wallet', walletId) : undefined;
  const rules = wallet ? deps.ports.chainRules(wallet.network) : null;
  if (!all(state, 'org')[0]?.strict || !kind || !wallet || !rules) return null;
  const native = nativeOf(wallet);
  return rules.quotedAsset(intentOf(kind, wallet, body))?.asset === native.asset ? null : deps.price(native);
};

/** Has the transfer screened by every vendor that a policy in force will read; before the locks, since vendors take their time. */
const screeningsFor = async (
  operationId: string,
  state: OrgState,
  walletId: string | undefined,
  body: unknown,
  deps: Pick<SubmitDeps, 'ports' | 'screening' | 'now'>,
): Promise<readonly SignedScreening[]> => {
  const kind = ACTIVITY_KIND_OF[operationId];
  const wallet = walletId ? find(state, 'wallet', walletId) : undefined;
  const rules = wallet ? deps.ports.chainRules(wallet.network) : null;
  if (!kind || !wallet || !rules) return [];
  const transfer = outgoingTransfer(state, wallet, rules.explainIntent(intentOf(kind, wallet, body), null));
  if (!transfer || isBeyondPolicy(state, wallet.keyId)) return [];
  const { keyId, network } = wallet;
  const asked = vendorsAsked(
    state,
    'Wallets:Sign',
    concernedWallets(state, { kind, keyId, walletId: wallet.id, network }),
    deps.now(),
  );
  return (await askVendors(asked, transfer, deps)).signed;
};

/** The passkey that signed: two of its requests at once must enter the ledger in the order of its counter. */
const countedCredential = (state: OrgState, { statement, assertion }: SignedRequest): string | undefined =>
  assertion.kind === 'Fido2'
    ? state.tables.credential.by('credId', assertion.credId).find((item) => item.userId === statement.userId)?.id
    : undefined;

/** What is decided under the locks; of a request that policies blocked before, whose trace is read when they are free again. */
type Decision = Outcome<Submitted> | { readonly blocked: ActivityRecord; readonly refusal: Refusal };

/** A repeat of an earlier request with the same externalId: the same answer again, no second entry (contract §1.9, A1). */
const repeated = (
  state: OrgState,
  operationId: string,
  params: { readonly [name: string]: string },
  body: unknown,
): Decision | null => {
  const external = externalIdOf(operationId, body ?? {});
  const earlier = external ? find(state, 'externalId', external) : undefined;
  if (!earlier || earlier.requestHash !== requestHash(params, body)) return null;
  const activity = find(state, 'activity', earlier.activityId);
  const blocking = activity?.evaluations.filter((item) => item.triggered && item.action === 'Block') ?? [];
  if (activity?.status === 'Rejected' && blocking.length > 0 && !activity.approvalId)
    return {
      blocked: activity,
      refusal: refused(403, 'policy.blocked', activity.reason ?? 'Blocked by a policy.', {
        policyIds: blocking.map((item) => item.policyId),
        requestId: activity.id,
      }).refusal,
    };
  return accepted({ leafId: '', status: 200, result: { kind: 'activity', id: earlier.activityId } });
};

/**
 * Stops 2 to 6 of a request: what is asked is decided by the pure rules on the state under the locks, and written down with the
 * records and jobs it leads to in one transaction. Nothing is written when it is refused, save what a policy blocked.
 */
export const submit = async (request: SignedRequest, deps: SubmitDeps): Promise<Outcome<Submitted>> => {
  const { orgId, statement, assertion, body } = request;
  const resolved = resolveOperation(statement.method, statement.path);
  if (!resolved.ok) return resolved;
  const { operation, handler, params } = resolved.value;
  const parsed = parseBody(operation, body);
  const value = parsed.ok ? parsed.value : {};
  const subject = subjectOfRequest(operation.id, params, value);
  const before = await deps.store.look(orgId, subject);
  const price = await priceFor(operation.id, before, params.walletId, value, deps);
  const feePrice = await feePriceFor(operation.id, before, params.walletId, value, deps);
  const prices = { ...(price ? { price } : {}), ...(feePrice ? { feePrice } : {}) } as unknown as Effects;
  // A repeat gets the earlier answer: nobody is asked again.
  const isRepeat = (subject.probes ?? []).some((probe) => find(before, probe.kind, probe.id) !== undefined);
  const screening =
    parsed.ok && !isRepeat ? await screeningsFor(operation.id, before, params.walletId, value, deps) : [];
  const lane = handler.lane({ state: before, params });
  const credentialId = countedCredential(before, request);
  const probes = [
    ...(subject.probes ?? []),
    { kind: 'statement' as const, id: statementId(statement) },
    ...(credentialId === undefined ? [] : [{ kind: 'counter' as const, id: credentialId }]),
  ];
  const place = { orgId, lane, now: deps.now, credentialId, subject: { ...subject, probes } };
  const decided = await deps.store.locked(place, (ledger): Decision => {
    const { at } = ledger;
    const switches = { ...query(statement.path), ...request.query };
    const effects: Effects = parsed.ok
      ? handler.effects({ body: value, params, query: switches, at, random: deps.random })
      : {};
    const leaf: Leaf = {
      v: 1,
      at,
      kind: 'userAction',
      bodyHash: hashBody(body),
      effects: {
        ...effects,
        ...prices,
        ...(screening.length > 0 ? { screening: screening as unknown as Json } : {}),
      },
      statement,
      assertion,
    };
    const decided = decideEntry(ledger.state, leaf, body, deps.ports);
    if (!decided.ok) {
      // Signature and permission held by now: a repeat gets the earlier answer, also while the wallet is frozen.
      const mayRepeat = decided.refusal.code === 'activity.external_id' || decided.refusal.code.startsWith('freeze.');
      return (mayRepeat ? repeated(ledger.state, operation.id, params, value) : null) ?? decided;
    }
    const { changes, result, status, answer, trace } = decided.value;
    const twice = askedAlready(ledger.state, changes);
    if (twice) return twice;
    const leafId = ledger.write({
      leaf,
      body,
      changes,
      jobs: jobsOf({ orgId, by: leaf.statement?.userId, before: ledger.state, changes }),
    });
    if (answer && trace)
      return { ok: false, refusal: { ...answer, details: { ...answer.details, decision: trace() } } };
    return answer ? { ok: false, refusal: answer } : accepted({ leafId, status, result });
  });
  if (!('blocked' in decided)) return decided;
  const { blocked, refusal } = decided;
  const decision = await recordedDecision(orgId, blocked, deps);
  return { ok: false, refusal: { ...refusal, details: { ...refusal.details, decision } } };
};
