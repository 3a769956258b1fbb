import { accepted, refused } from '@/lib/domain/refusal';
import { freshId, notFound } from '../checks';
import { type EffectsInput, governanceLane, type LedgerOperation, makeId } from '../decision';
import { END_USER_NAME } from '../end-users';
import { decideGoverned } from '../governed';
import { find, put } from '../state';
import { assignmentVersion, permissionVersion } from '../version';

const governedIds = (input: EffectsInput) => ({
  changeRequestId: makeId('changeRequest', input),
  approvalId: makeId('approval', input),
});

export const createPermission: LedgerOperation = {
  operationId: 'permissions.createPermission',
  lane: governanceLane,
  effects: (input) => ({ permissionId: makeId('permission', input) }),
  decide: ({ state, body, effects, at }) => {
    const id = freshId(state, effects, 'permissionId', 'permission', 'permission');
    if (!id.ok) return id;
    if (body.name === END_USER_NAME || state.tables.permission.by('name', body.name).length > 0)
      return refused(
        409,
        'permission.name_taken',
        'A permission of that name exists; names stay reserved after archiving.',
      );
    const definition = { name: body.name as string, operations: body.operations as string[], isArchived: false };
    const record = { ...definition, id: id.value, isImmutable: false, dateCreated: at, dateUpdated: at };
    return accepted({
      changes: [put('permission', { ...record, version: permissionVersion(definition) })],
      result: { kind: 'permission', id: id.value },
      status: 200,
    });
  },
};

/** Update and archive share their change request: the full resulting permission. */
const changePermission = (
  operationId: string,
  change: (body: { [key: string]: unknown }) => { [key: string]: unknown },
): LedgerOperation => ({
  operationId,
  lane: governanceLane,
  effects: governedIds,
  decide: (input) => {
    const permission = find(input.state, 'permission', input.params.permissionId ?? '');
    if (!permission) return notFound('permission', 'permissionId', input.params.permissionId ?? '');
    if (permission.isImmutable)
      return refused(400, 'permission.immutable', 'A managed permission can only be assigned and revoked.');
    const next = {
      id: permission.id,
      name: permission.name,
      status: 'Active',
      operations: permission.operations,
      isImmutable: permission.isImmutable,
      isArchived: permission.isArchived,
      ...change(input.body),
    };
    if (permission.name === END_USER_NAME && (next.name !== permission.name || next.isArchived))
      return refused(400, 'permission.managed', 'The permission of end users can be edited, not renamed or archived.');
    const isTaken = input.state.tables.permission.by('name', next.name).some((item) => item.id !== permission.id);
    if (isTaken || (next.name === END_USER_NAME && permission.name !== next.name))
      return refused(
        409,
        'permission.name_taken',
        'A permission of that name exists; names stay reserved after archiving.',
      );
    return decideGoverned(input, {
      activity: { kind: 'Permissions:Modify', subject: { permissionId: permission.id } },
      kind: 'Permission',
      operationKind: 'Update',
      entityId: permission.id,
      replaces: permission.version,
      body: next,
      result: { kind: 'permission', id: permission.id },
    });
  },
});

export const updatePermission = changePermission('permissions.updatePermission', (body) => ({
  ...(body.name === undefined ? {} : { name: body.name }),
  ...(body.operations === undefined ? {} : { operations: body.operations }),
}));

export const archivePermission = changePermission('permissions.archivePermission', (body) => ({
  isArchived: body.isArchived,
}));

export const createAssignment: LedgerOperation = {
  operationId: 'permissions.createAssignment',
  lane: governanceLane,
  effects: (input) => ({ assignmentId: makeId('assignment', input), ...governedIds(input) }),
  decide: (input) => {
    const permission = find(input.state, 'permission', input.params.permissionId ?? '');
    if (!permission) return notFound('permission', 'permissionId', input.params.permissionId ?? '');
    if (permission.isArchived) return refused(400, 'permission.archived', 'An archived permission cannot be assigned.');
    const id = freshId(input.state, input.effects, 'assignmentId', 'assignment', 'assignment');
    if (!id.ok) return id;
    const body = { id: id.value, permissionId: permission.id, identityId: input.body.identityId, isImmutable: false };
    return decideGoverned(input, {
      activity: { kind: 'Permissions:Assign', subject: { permissionId: permission.id } },
      kind: 'Assignment',
      operationKind: 'Create',
      entityId: id.value,
      body,
      result: { kind: 'assignment', id: id.value },
    });
  },
};

export const deleteAssignment: LedgerOperation = {
  operationId: 'permissions.deleteAssignment',
  lane: governanceLane,
  effects: governedIds,
  decide: (input) => {
    const assignment = find(input.state, 'assignment', input.params.assignmentId ?? '');
    if (!assignment || assignment.isRevoked || assignment.permissionId !== input.params.permissionId)
      return notFound('assignment', 'assignmentId', input.params.assignmentId ?? '');
    if (assignment.isImmutable)
      return refused(400, 'assignment.immutable', 'This assignment is managed and cannot be revoked.');
    return decideGoverned(input, {
      activity: { kind: 'Permissions:Assign', subject: { permissionId: assignment.permissionId } },
      kind: 'Assignment',
      operationKind: 'Delete',
      entityId: assignment.id,
      replaces: assignmentVersion(assignment),
      body: {
        id: assignment.id,
        permissionId: assignment.permissionId,
        identityId: assignment.identityId,
        isImmutable: assignment.isImmutable,
      },
      result: { kind: 'assignment', id: assignment.id },
    });
  },
};
