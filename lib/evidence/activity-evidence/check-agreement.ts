import type { Evidence } from '@/lib/contract/evidence';
import type { ActivityRecord } from '@/lib/ledger/records';
import { find } from '@/lib/ledger/state';
import type { Evaluation, RequiredGroup } from '@/lib/policy/policy';
import { sayCredential, sayPerson } from './people';
import { sayList, sayTime } from './says';
import { signerOf, type Told } from './told';
import type { Trail } from './trail';
import { type Check, failed, held } from './verdict';

/** A verified file as the words about it need it. */
export type Reader = {
  readonly evidence: Evidence;
  readonly trail: Trail;
  readonly activity: ActivityRecord;
  readonly told: Told;
};

const short = (hash: string): string => hash.slice(0, 12);

const sayAction = (one: Evaluation): string => {
  if (!one.triggered) return 'asked for nothing';
  if (one.action === 'Block') return 'blocked it';
  return one.action === 'RequestApproval' ? 'asked for approval' : 'let it pass';
};

const policyChecks = ({ trail, activity }: Reader): Check[] => {
  const approval = activity.approvalId ? find(trail.replica.state, 'approval', activity.approvalId) : undefined;
  const later = (activity.rejudged ?? []).flatMap((one) => one.evaluations);
  const all = [...activity.evaluations, ...(approval?.evaluations ?? []), ...later];
  const distinct = [...new Map(all.map((one) => [`${one.policyId}@${one.version}`, one])).values()];
  if (distinct.length === 0) return [held('policy', 'No policy in force looked at this request.')];
  return distinct.map((one) => {
    const name = trail.policies.get(`${one.policyId}@${one.version}`)?.definition.name ?? one.policyId;
    return held('policy', `Policy “${name}” (version ${short(one.version)}) ${sayAction(one)}: ${one.reason}`);
  });
};

const voteChecks = ({ evidence, trail, activity }: Reader): Check[] =>
  trail.votes.map(({ seq, decision }) => {
    const why = decision.reason ? `, saying “${decision.reason}”` : '';
    const value = decision.value === 'Approved' ? 'Approved' : 'Denied';
    return held(
      'vote',
      `${value} with ${sayCredential(evidence, trail, decision)} at ${sayTime(decision.date)}${why}, over exactly this request (digest ${short(activity.digest)}) and the policies that asked (entry ${seq}).`,
    );
  });

/** What approvers read, where the file has it: every vote that counts was signed over its digest, which was computed here. */
const renderingChecks = ({ evidence, trail, told }: Reader): Check[] => {
  const own = (told.request as { readonly rendering?: { readonly digest: string } | null }).rendering;
  const isTold = (evidence.told.request as { readonly rendering?: unknown } | undefined)?.rendering !== undefined;
  if (!own || !isTold || trail.votes.length === 0) return [];
  const other = trail.votes.find(({ entry }) => entry.statement?.context.rendering !== own.digest);
  return other
    ? [failed('rendering', `The vote at entry ${other.seq} was signed over another text than told.request.rendering.`)]
    : [
        held(
          'rendering',
          `The text in told.request.rendering is the one that approvers signed over (digest ${short(own.digest)}).`,
        ),
      ];
};

const sayGroup = (evidence: Evidence, group: RequiredGroup, approved: ReadonlySet<string>): string => {
  const named = group.approvers.userId?.in;
  const voters = [...approved].filter((userId) => !named || named.includes(userId));
  const from = named ? `of ${named.length} named people` : 'of anybody who may approve';
  return `${group.quorum} ${from}, given by ${sayList(voters.map((userId) => sayPerson(evidence, userId))) || 'nobody'}`;
};

const approvalChecks = ({ evidence, trail, activity }: Reader): Check[] => {
  const approval = activity.approvalId ? find(trail.replica.state, 'approval', activity.approvalId) : undefined;
  if (!approval) return [];
  if (approval.status !== 'Approved') return [held('approval', `The approval is ${approval.status}.`)];
  const last = new Map(approval.decisions.map((decision) => [decision.userId, decision.value]));
  const approved = new Set([...last].filter(([, value]) => value === 'Approved').map(([userId]) => userId));
  const groups = approval.groups.map((group) => sayGroup(evidence, group, approved));
  return [held('approval', `Every group of approvers has its quorum: ${groups.join('; ')}.`)];
};

/** Who asked for what, what the policies said of it and who agreed. The replay has judged all of it; this says what it found. */
export const agreementChecks = (reader: Reader): Check[] => {
  const { evidence, trail, activity, told } = reader;
  const { statement } = trail.request?.entry ?? {};
  const request = told.request as { readonly says?: string };
  return [
    held(
      'request',
      `The request was signed by ${sayCredential(evidence, trail, activity.requester)} at ${sayTime(activity.at)}: ${statement?.method} ${statement?.path} (entry ${trail.request?.seq}). ${request.says}.`,
    ),
    ...policyChecks(reader),
    ...renderingChecks(reader),
    ...voteChecks(reader),
    ...approvalChecks(reader),
  ];
};

/** The subject as a sentence: what was asked of which wallet. */
export const subjectOf = ({ trail, activity }: Pick<Reader, 'trail' | 'activity'>): string =>
  `${activity.id} of ${signerOf(trail, activity)}`;
