import { subjectOf } from './approval-subject';
import { checkChange } from './check-change';
import { checkActivity, comparing } from './check-request';
import { type Decidable, decisionContext } from './decision-context';
import type { Difference } from './difference';
import type { OwnEntry } from './ledger-entry';
import { type Read, readIfAllowed } from './read';
import type { ActivityDetail, Approval, ChangeRequestDetail, Policy } from './shapes';

/** What an approval is really about, read from the ledger entry by this client. */
export type ReadDecision = {
  readonly approval: Approval;
  readonly subject: Decidable;
  readonly entry: OwnEntry;
  readonly detail: ActivityDetail | ChangeRequestDetail;
  /** Of the policies that asked, those the reader may see. */
  readonly policies: readonly Policy[];
  /** What the statement of a decision must hold; `open` members the reader may not see for himself. */
  readonly context: ReturnType<typeof decisionContext>;
  readonly open: readonly string[];
};
export type DecisionRead =
  | { readonly ok: true; readonly value: ReadDecision }
  | { readonly ok: false; readonly differences: readonly Difference[] };

type Known = { readonly orgId: string; readonly genesis: string | null };

const checkedRequest = async (id: string, shown: readonly Approval[], known: Known, read: Read) => {
  const detail = (await read('x.getActivity', { params: { activityId: id } })) as ActivityDetail;
  const { compare, differences } = comparing();
  compare('request', id, detail.id);
  for (const approval of shown) {
    const subject = subjectOf(approval);
    const request = subject?.kind === 'request' ? subject.request : null;
    // A request that somebody was shown must be the one that the entry holds, wherever it was shown.
    if (request && 'walletId' in request) compare('wallet', detail.walletId, request.walletId);
    compare('network', detail.network, request?.network);
    compare('requester', detail.requester.userId, request?.requester.userId);
    compare('request body shown', detail.request.requestBody, request?.requestBody);
  }
  const checked = checkActivity(detail, known);
  return { detail, checked, differences };
};

const checkedChange = async (id: string, shown: readonly Approval[], known: Known, read: Read) => {
  const detail = (await read('x.getChangeRequest', { params: { changeRequestId: id } })) as ChangeRequestDetail;
  const differences: Difference[] = [];
  for (const approval of shown) {
    const subject = subjectOf(approval);
    if (subject?.kind !== 'change') continue;
    const told = checkChange({ ...detail, change: subject.change }, known);
    if (!told.ok) differences.push(...told.differences);
  }
  return { detail, checked: checkChange(detail, known), differences };
};

/**
 * Fetches what an approval is about and reads it from its ledger entry: digest, rendering and facts are computed here, and all that
 * the server says of it, now and when the caller looked, must agree.
 * @param shown The approval as somebody was shown it before, when it was.
 */
export const readDecision = async (
  approvalId: string,
  known: Known,
  read: Read,
  shown?: Approval,
): Promise<DecisionRead> => {
  const approval = (await read('policies.getApproval', { params: { approvalId } })) as Approval;
  const subject = subjectOf(approval);
  const { compare, differences } = comparing();
  compare('approval', approvalId, approval.id);
  if (!subject) {
    compare('what is asked', 'nothing this client can read', approval.activity.kind);
    return { ok: false, differences };
  }
  const before = shown ? subjectOf(shown) : null;
  if (before) compare('subject of the approval', before.id, subject.id);
  const told = shown ? [approval, shown] : [approval];
  const found = await (subject.kind === 'request' ? checkedRequest : checkedChange)(subject.id, told, known, read);
  differences.push(...found.differences);
  if (!found.checked.ok) differences.push(...found.checked.differences);
  if (!found.checked.ok || differences.length > 0) return { ok: false, differences };
  const { entry, digest } = found.checked;
  compare('approval of the entry', entry.effects.approvalId, approvalId);
  compare('initiator', entry.statement.userId, approval.initiatorId);
  if (differences.length > 0) return { ok: false, differences };
  const asking = [...new Set(found.detail.groups.map((group) => group.policyId))];
  const policies: Policy[] = [];
  for (const policyId of asking) {
    const policy = await readIfAllowed<Policy>(read, 'policies.getPolicy', { params: { policyId } });
    if (policy) policies.push(policy);
  }
  const decidable: Decidable = {
    id: subject.id,
    digest,
    rendering: entry.renderingDigest,
    groups: found.detail.groups,
  };
  const context = decisionContext(decidable, policies);
  return {
    ok: true,
    value: {
      approval,
      subject: decidable,
      entry,
      detail: found.detail,
      policies,
      context,
      open: 'policyVersions' in context ? [] : ['policyVersions'],
    },
  };
};
