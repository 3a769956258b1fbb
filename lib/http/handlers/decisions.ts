import type { TriedRequest } from '@/lib/activity/ports';
import { TRIED_BY } from '@/lib/contract/decisions';
import { toTimestamp } from '@/lib/contract/fields';
import { getOperation } from '@/lib/contract/table';
import { refused } from '@/lib/domain/refusal';
import { evaluationsDeciding, evaluationsOfChange } from '@/lib/ledger/rejudged';
import { readScreenings } from '@/lib/ledger/screening';
import { find } from '@/lib/ledger/state';
import { definitionDiff } from '@/lib/policy/definition-diff';
import { traceOfRecord } from '@/lib/policy/recorded-trace';
import { holdsPermission, requirePermission } from '../authorization';
import { type ApiRequest, callerOf, type Handler, type Handlers, orRefuse, refuse } from '../handler';
import { pageTokens } from '../pagination';
import { getOr404 } from '../records';
import type { Services } from '../services';
import { policyView } from '../views/governance';
import { mayRead } from './activities';

type Recorded = Omit<Parameters<typeof traceOfRecord>[0], 'activityKind' | 'inForce'>;

const noActivity = (activityId: string) =>
  refuse(refused(404, 'activity.not_found', 'activity not found', { activityId }));

const recordedActivity = async (id: string, request: ApiRequest, services: Services): Promise<Recorded> => {
  const activity = await getOr404('activity', id, request, services);
  if (!mayRead(callerOf(request), activity)) noActivity(id);
  return {
    evaluations: evaluationsDeciding(activity),
    facts: activity.facts,
    screening: readScreenings(activity.screening, activity.rejudged?.at(-1)?.at ?? activity.at),
  };
};

/** A change of governance that policies judged: to be read by who asked for it, and by permission. */
const recordedChange = async (id: string, request: ApiRequest, services: Services): Promise<Recorded> => {
  const caller = callerOf(request);
  const change = await services.getRecord(caller.org.id, 'changeRequest', id);
  if (!change) return noActivity(id);
  if (change.requester.userId !== caller.user.id && !holdsPermission(caller, 'Policies:Approvals:Read')) noActivity(id);
  const approval = await services.getRecord(caller.org.id, 'approval', change.approvalId);
  return { evaluations: evaluationsOfChange(change, approval) };
};

const getDecision: Handler = async (request, services) => {
  const id = request.params.activityId ?? '';
  const { org } = callerOf(request);
  const found = id.startsWith('cr-') ? null : await services.getRecord(org.id, 'activity', id);
  // As it was decided at its entry: told as its request was told, with the policies that left it out.
  if (found && mayRead(callerOf(request), found) && !found.rejudged?.length)
    return { body: await services.ledger.decision({ orgId: org.id, activity: found }) };
  const recorded = await (id.startsWith('cr-') ? recordedChange : recordedActivity)(id, request, services);
  const records = await services.reads.policiesOfVersions(org.id, recorded.evaluations);
  return {
    body: traceOfRecord({
      ...recorded,
      // Only policies of the kind that was asked for were evaluated.
      activityKind: records[0]?.definition.activityKind ?? 'Wallets:Sign',
      inForce: records.map(({ id: policyId, version, definition }) => ({
        id: policyId,
        version,
        status: 'Active',
        definition,
      })),
    }),
  };
};

const simulatePolicies: Handler = async (request, services) => {
  const { org, user, token } = callerOf(request);
  const tried = request.body as TriedRequest;
  const makers = TRIED_BY[tried.kind].flatMap((id) => getOperation(id).permission ?? []);
  // A definition that is not in force is nobody's own request: to try one is to read policies.
  requirePermission(request, 'Policies:Read', ...(tried.draft ? [] : makers));
  const actor = { user, ...(token ? { token } : {}) };
  return { body: orRefuse(await services.ledger.simulate({ orgId: org.id, actor, request: tried })) };
};

const POLICY_VERSIONS_PAGE = 20;

const listVersions: Handler = async (request, services) => {
  const { org, state } = callerOf(request);
  const policyId = request.params.policyId ?? '';
  const current = find(state, 'policy', policyId);
  if (!current) return refuse(refused(404, 'policy.not_found', 'policy not found', { policyId }));
  const limit = Number(request.query.limit ?? POLICY_VERSIONS_PAGE);
  const tokens = pageTokens(request, services);
  const before = tokens.position()?.id;
  const rows = await services.reads.policyVersions(org.id, policyId, {
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const items = rows.slice(0, limit).map(({ record, at, userId }, index) => {
    const earlier = rows[index + 1]?.record;
    return {
      version: record.version,
      current: index === 0 && before === undefined,
      policy: policyView(record),
      ...(userId === undefined ? {} : { changedBy: userId }),
      date: toTimestamp(at),
      changes: earlier
        ? definitionDiff(
            { ...earlier.definition, status: earlier.status },
            { ...record.definition, status: record.status },
          )
        : [],
    };
  });
  const last = rows[limit - 1];
  return {
    body: {
      items,
      ...(rows.length > limit && last ? { nextPageToken: tokens.encode({ date: last.at, id: last.ordinal }) } : {}),
    },
  };
};

export const DECISION_HANDLERS: Handlers = {
  'x.getDecision': getDecision,
  'x.simulatePolicies': simulatePolicies,
  'x.listPolicyVersions': listVersions,
};
