import type { TriedRequest } from '@/lib/activity/ports';
import { toTimestamp } from '@/lib/contract/fields';
import { refused } from '@/lib/domain/refusal';
import { readScreenings } from '@/lib/ledger/screening';
import { find } from '@/lib/ledger/state';
import { definitionDiff } from '@/lib/policy/definition-diff';
import { traceOfRecord } from '@/lib/policy/recorded-trace';
import { callerOf, type Handler, type Handlers, orRefuse, refuse } from '../handler';
import { pageTokens } from '../pagination';
import { getOr404 } from '../records';
import { policyView } from '../views/governance';
import { mayRead } from './activities';

const getDecision: Handler = async (request, services) => {
  const caller = callerOf(request);
  const id = request.params.activityId ?? '';
  const activity = await getOr404('activity', id, request, services);
  if (!mayRead(caller, activity)) refuse(refused(404, 'activity.not_found', 'activity not found', { activityId: id }));
  const { evaluations, facts } = activity;
  const records = await services.reads.policiesOfVersions(caller.org.id, evaluations);
  const definitions = new Map(records.map((record) => [`${record.id} ${record.version}`, record.definition]));
  return {
    body: traceOfRecord({
      activityKind: 'Wallets:Sign',
      evaluations,
      facts,
      screening: readScreenings(activity.screening, activity.at),
      definitionOf: (policyId, version) => definitions.get(`${policyId} ${version}`),
    }),
  };
};

const simulatePolicies: Handler = async (request, services) => {
  const { org } = callerOf(request);
  return { body: orRefuse(await services.ledger.simulate({ orgId: org.id, request: request.body as TriedRequest })) };
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
