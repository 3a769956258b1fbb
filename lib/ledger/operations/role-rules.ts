import type { RoleRules } from '@/lib/authorization/role-rules';
import { refused } from '@/lib/domain/refusal';
import { notFound } from '../checks';
import { governanceLane, type LedgerOperation, makeId, type OperationInput } from '../decision';
import { decideGoverned } from '../governed';
import { find } from '../state';

/**
 * What a role asks of the proof with which it is used, governed like any change of it; managed roles too may have rules. Nobody is
 * locked out by them: somebody with full admin access, and the quorums of policies, must be able to meet them.
 */
export const setRoleRules: LedgerOperation = {
  operationId: 'x.setRoleRules',
  lane: governanceLane,
  effects: (input) => ({ changeRequestId: makeId('changeRequest', input), approvalId: makeId('approval', input) }),
  decide: (input: OperationInput<RoleRules>) => {
    const permission = find(input.state, 'permission', input.params.permissionId ?? '');
    if (!permission) return notFound('permission', 'permissionId', input.params.permissionId ?? '');
    if (permission.isArchived)
      return refused(400, 'permission.archived', 'An archived role is used by nobody; restore it first.');
    const { hardwareBoundOnly, reauthenticateMinutes } = input.body;
    return decideGoverned(input, {
      activity: { kind: 'Permissions:Modify', subject: { permissionId: permission.id } },
      kind: 'RoleRules',
      operationKind: 'Update',
      entityId: permission.id,
      replaces: permission.version,
      body: { hardwareBoundOnly, reauthenticateMinutes },
      result: { kind: 'permission', id: permission.id },
    });
  },
};
