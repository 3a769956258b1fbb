import { notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId } from '../decision';
import { decideGoverned } from '../governed';
import { all } from '../state';

/** The one-way step from `server` to `vouched` enrolment, governed like a change of a policy (design §4.3). */
export const requireVouching: LedgerOperation = {
  operationId: 'x.requireVouching',
  lane: governanceLane,
  effects: (input) => ({ changeRequestId: makeId('changeRequest', input), approvalId: makeId('approval', input) }),
  decide: (input) => {
    const org = all(input.state, 'org')[0];
    if (!org) return notFound('organisation', 'orgId', '');
    return decideGoverned(input, {
      activity: { kind: 'Policies:Modify', subject: {} },
      kind: 'Enrolment',
      operationKind: 'Update',
      entityId: org.id,
      body: { enrolment: 'vouched' },
      result: { kind: 'org', id: org.id },
    });
  },
};
