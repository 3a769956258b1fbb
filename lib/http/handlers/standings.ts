import { toTimestamp } from '@/lib/contract/fields';
import type { ApprovalRecord } from '@/lib/ledger/records';
import { type Standing, standingOf, votersAt } from '@/lib/ledger/standing';
import { all, find, type OrgState } from '@/lib/ledger/state';
import { definitionDiff, type FieldChange } from '@/lib/policy/definition-diff';
import type { PolicyDefinition } from '@/lib/policy/policy';
import { isNamed } from '@/lib/policy/quorum';
import { callerOf, type Handler, type Handlers } from '../handler';
import { getOr404, pageOf, textOf } from '../records';
import type { Services } from '../services';
import { permissionView } from '../views/governance';
import { POLICY_PAGE } from './governance';

/** What a change request would alter, field by field; of an archived or changed object against what it replaces now. */
const changesOf = async (state: OrgState, orgId: string, approval: ApprovalRecord, services: Services) => {
  if (approval.subject.kind !== 'ChangeRequest') return [];
  const request = await services.getRecord(orgId, 'changeRequest', approval.subject.id);
  if (request?.kind === 'Policy') return policyChanges(state, orgId, request, services);
  const permission = request?.kind === 'Permission' ? find(state, 'permission', request.entityId) : undefined;
  if (!permission || !request) return [];
  const { dateCreated: _created, dateUpdated: _updated, ...before } = permissionView(permission);
  return definitionDiff(before, request.body);
};

const policyChanges = async (
  state: OrgState,
  orgId: string,
  request: { readonly entityId: string; readonly replaces?: string; readonly body: unknown },
  services: Services,
): Promise<readonly FieldChange[]> => {
  const current = find(state, 'policy', request.entityId);
  const version = request.replaces ?? '';
  const [replaced] =
    current?.version === version && current.status === 'Active'
      ? [current]
      : await services.reads.policiesOfVersions(orgId, [{ policyId: request.entityId, version }]);
  if (!replaced) return [];
  return definitionDiff({ id: replaced.id, ...replaced.definition, status: 'Active' }, request.body);
};

const warningsOf = (standing: Standing, approval: ApprovalRecord, state: OrgState): string[] => {
  if (approval.status !== 'Pending') return [];
  const stuck = standing.groups.filter((group) => !group.isReachable);
  return stuck.map(({ group, openSeats, awaited }) => {
    const name = find(state, 'policy', group.policyId)?.definition.name ?? group.policyId;
    const later = group.escalation ? ' More people may approve once it escalates.' : '';
    return `The policy “${name}” waits for ${openSeats} more, and ${awaited.length} are left who may approve: it can't be approved as things stand.${later}`;
  });
};

const standingView = async (
  approval: ApprovalRecord,
  { orgId, state, at, voters }: { orgId: string; state: OrgState; at: number; voters: ReturnType<typeof votersAt> },
  services: Services,
) => {
  const notBefore =
    approval.subject.kind === 'Activity' && approval.status === 'Pending'
      ? await services.ledger.notBefore({ orgId, activityId: approval.subject.id })
      : null;
  const standing = standingOf(state, approval, at, voters);
  const reminders = (await services.reads.reminders(orgId, [approval.id])).get(approval.id);
  return {
    approvalId: approval.id,
    status: approval.status,
    groups: standing.groups.map(
      ({ group, required, seats, openSeats, isFilled, awaited, isReachable, escalatesAt, isEscalated }) => ({
        policyId: group.policyId,
        index: group.index,
        ...(group.name === undefined ? {} : { name: group.name }),
        required,
        seats,
        openSeats,
        isFilled,
        awaited,
        isReachable,
        ...(escalatesAt === undefined ? {} : { escalatesAt: toTimestamp(escalatesAt) }),
        isEscalated,
      }),
    ),
    isReachable: standing.isReachable,
    warnings: warningsOf(standing, approval, state),
    ...(approval.expirationDate === undefined ? {} : { expirationDate: toTimestamp(approval.expirationDate) }),
    ...(notBefore === null ? {} : { notBefore: toTimestamp(notBefore) }),
    reminders: {
      sent: reminders?.sent ?? 0,
      ...(reminders?.last ? { last: toTimestamp(reminders.last) } : {}),
    },
    changes: await changesOf(state, orgId, approval, services),
  };
};

const getStanding: Handler = async (request, services) => {
  const { org, state } = callerOf(request);
  const approval = await getOr404('approval', request.params.approvalId ?? '', request, services);
  const at = services.now();
  return { body: await standingView(approval, { orgId: org.id, state, at, voters: votersAt(state, at) }, services) };
};

const listStandings: Handler = async (request, services) => {
  const { org, state } = callerOf(request);
  const limit = Number(request.query.limit ?? POLICY_PAGE);
  const filter = { status: 'Pending', initiatorId: textOf(request.query.initiatorId) };
  const { items, ...next } = await pageOf('approval', filter, request, services, limit);
  const at = services.now();
  const seen = { orgId: org.id, state, at, voters: votersAt(state, at) };
  return { body: { items: await Promise.all(items.map((item) => standingView(item, seen, services))), ...next } };
};

/** Says before a policy is made whether the people there are could fill its groups. */
const checkPolicy: Handler = async (request, services) => {
  const { state } = callerOf(request);
  const { action } = request.body as PolicyDefinition;
  const voters = votersAt(state, services.now());
  const groups = (action.kind === 'RequestApproval' ? action.approvalGroups : []).map((group, index) => {
    const named = voters.filter((voter) => isNamed({ ...group, policyId: '', index }, voter, null));
    const losesOne = group.initiatorCanApprove !== true && named.some((voter) => !voter.isServiceAccount);
    const available = named.length - (losesOne ? 1 : 0);
    return { index, required: group.quorum, available, isReachable: available >= group.quorum };
  });
  const isStrict = all(state, 'org')[0]?.strict === true;
  const required = groups.reduce((sum, group) => sum + group.required, 0);
  const warnings = groups
    .filter((group) => !group.isReachable)
    .map(
      (group) =>
        `Group ${group.index + 1} needs ${group.required}, and ${group.available} may approve when one of the group asks: such requests would wait for ever.`,
    );
  if (isStrict && required > voters.length)
    warnings.push(`The groups need ${required} different people together, and ${voters.length} may approve.`);
  return { body: { groups, warnings } };
};

export const STANDING_HANDLERS: Handlers = {
  'x.getStanding': getStanding,
  'x.listStandings': listStandings,
  'x.checkPolicy': checkPolicy,
};
