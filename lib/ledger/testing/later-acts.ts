import { originsOf, settingsOf } from '../org-settings';
import { outgoingTransfer } from '../screening';
import { find } from '../state';
import { type Cast, others, pick, someone } from './cast';
import { everyRecord } from './every-record';
import { ALWAYS, asks } from './people';
import { BOB } from './signing';

/** Three numbers that choose among what there is. */
export type Choice = { readonly a: number; readonly b: number; readonly c: number };

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * What approvals and governance can do beyond a plain request and its votes: seats handed over, escalations, delays, withdrawals, requests
 * asked again, rules of roles, settings, and screenings by an oracle.
 */
export const LATER_ACTS = {
  handOver: (cast, { a, b, c }) => {
    const [toUserId] = others(cast, b);
    const until = new Date(cast.world.now() + (1 + (c % 90)) * DAY).toISOString();
    const from = c % 3 === 0 ? { from: new Date(cast.world.now() + (c % 60) * MINUTE).toISOString() } : {};
    if (toUserId) cast.act(someone(cast, a), 'x.createDelegation', {}, { toUserId, until, ...from });
  },
  takeBack: (cast, { a, b }) => {
    const delegation = pick(everyRecord(cast.world.state, 'delegation'), a);
    if (delegation) cast.act(someone(cast, b), 'x.revokeDelegation', { delegationId: delegation.id });
  },
  slowPolicy: (cast, { a, b, c }) => {
    const [first = cast.world.admin.userId, ...rest] = others(cast, a);
    const group = {
      quorum: 1,
      approvers: { userId: { in: [first] } },
      ...(b % 3 > 0 && rest[0]
        ? { escalation: { afterMinutes: 1 + (c % 30), approvers: { userId: { in: rest.slice(0, 2) } } } }
        : {}),
    };
    const delay = b % 2 ? { minimumDelay: 1 + (c % 20) } : {};
    const action = { kind: 'RequestApproval', approvalGroups: [group], ...delay };
    const policy = { name: 's', activityKind: 'Wallets:Sign', rule: ALWAYS, action };
    cast.act(cast.world.admin, 'policies.createPolicy', {}, policy);
  },
  sumPolicy: (cast, { a, c }) => {
    const configuration = { limit: c % 3, currency: 'USD', timeframe: 60 };
    const rule = { kind: c % 2 ? 'TransactionAmountVelocity' : 'TransactionAmountLimit', configuration };
    const { timeframe: _timeframe, ...plain } = configuration;
    const action = asks(others(cast, a).slice(0, 2));
    const definition = { ...rule, configuration: c % 2 ? configuration : plain };
    cast.act(
      cast.world.admin,
      'policies.createPolicy',
      {},
      { name: 'm', activityKind: 'Wallets:Sign', rule: definition, action },
    );
  },
  screen: (cast, { a, b, c }) => {
    const fallbackBehaviours = {
      skipUnscreenableTransaction: false,
      skipUnsupportedNetwork: false,
      skipUnsupportedAsset: false,
      skipGlobalLedgerFailure: b % 2 === 0,
    };
    const rule = {
      kind: 'GlobalLedgerTransactionPrescreening',
      configuration: { riskScoreThreshold: c % 101, fallbackBehaviours },
    };
    const action = b % 5 === 0 ? { kind: 'Block' } : asks(others(cast, a).slice(0, 2));
    cast.act(cast.world.admin, 'policies.createPolicy', {}, { name: 'k', activityKind: 'Wallets:Sign', rule, action });
  },
  screenAgain: ({ world, node, oracle }, { a, c }) => {
    const { state } = world;
    const open = everyRecord(state, 'activity').filter(({ status }) => status === 'Approved' || status === 'Reserved');
    const activity = pick(open, a);
    const wallet = activity && find(state, 'wallet', activity.walletId ?? '');
    const transfer = activity && outgoingTransfer(state, wallet, activity.facts);
    if (!activity || !transfer || !oracle) return;
    const said = oracle.screening(transfer, world.now(), { vendor: 'GlobalLedger', score: c % 101 });
    node('screening', { activityId: activity.id }, { effects: { screening: [{ ...said }] } });
  },
  withdraw: (cast, { a, b }) => {
    const activity = pick(everyRecord(cast.world.state, 'activity').toReversed(), a);
    if (!activity) return;
    if (b % 2 && activity.kind === 'Transfer' && activity.walletId) {
      const params = { walletId: activity.walletId, transferId: activity.id };
      cast.act(someone(cast, b), 'wallets.abortTransfer', params);
    } else cast.act(someone(cast, b), 'x.abortActivity', { activityId: activity.id });
  },
  withdrawChange: (cast, { a, b }) => {
    const request = pick(everyRecord(cast.world.state, 'changeRequest').toReversed(), a);
    const signer = b % 3 === 0 ? someone(cast, b) : cast.world.admin;
    if (request) cast.act(signer, 'x.cancelChangeRequest', { changeRequestId: request.id });
  },
  askAgain: (cast, { a, b }) => {
    const ended = everyRecord(cast.world.state, 'activity').filter(
      ({ kind, status }) => kind === 'Transfer' && (status === 'Rejected' || status === 'Abandoned'),
    );
    const former = pick(ended, a);
    if (!former?.walletId) return;
    const params = { walletId: former.walletId, transferId: former.id };
    cast.act(someone(cast, b), 'x.recreateTransfer', params, { kind: 'Native', to: BOB, amount: '5' });
  },
  roleRules: ({ world, act }, { a, b }) => {
    const role = pick(everyRecord(world.state, 'permission'), a);
    const rules = { hardwareBoundOnly: b % 4 === 0, reauthenticateMinutes: b % 4 === 1 ? 15 : null };
    if (role) act(world.admin, 'x.setRoleRules', { permissionId: role.id }, rules);
  },
  tagChange: ({ world, act }, { a }) => {
    const wallet = pick(everyRecord(world.state, 'wallet'), a);
    if (wallet) act(world.admin, 'x.createTagChange', {}, { walletId: wallet.id, remove: wallet.tags.slice(0, 1) });
  },
  settings: ({ world, act }, { a, b }) => {
    const [org] = everyRecord(world.state, 'org');
    if (!org) return;
    const origins = [...originsOf(org).slice(0, 1), ...(b % 2 ? ['https://more.wallets.test'] : [])];
    const sessions = { ...settingsOf(org).sessions, idleMinutes: b % 3 === 0 ? 30 : null };
    act(world.admin, 'x.changeSettings', {}, { strict: a % 2 === 1, origins, sessions });
  },
} satisfies { readonly [name: string]: (cast: Cast, choice: Choice) => void };
