'use client';

import { useQuery } from '@tanstack/react-query';
import { read } from './call';
import { PERMISSIONS } from './first-asked';
import { QUERY } from './keys';
import type { Assignment, AssignmentChange, Permission, PermissionChange, RoleRulesChange } from './shapes';
import { usePages } from './use-pages';
import { useSigned } from './use-signed';

const STALE = [QUERY.permissions, QUERY.approvals, QUERY.people, QUERY.session];

export const usePermissions = (options: { readonly enabled?: boolean } = {}) =>
  usePages<Permission>(PERMISSIONS, options);

export const usePermission = (permissionId: string) =>
  useQuery({
    queryKey: [...QUERY.permissions, permissionId],
    queryFn: ({ signal }) => read<Permission>('permissions.getPermission', { params: { permissionId }, signal }),
  });

export const useAssignments = (permissionId: string) =>
  usePages<Assignment>({
    key: [...QUERY.permissions, permissionId, 'assignments'],
    operation: 'permissions.listAssignments',
    params: { permissionId },
    query: { limit: 200 },
  });

export const useCreatePermission = () => useSigned<Permission>('permissions.createPermission', STALE);
export const useUpdatePermission = () => useSigned<Permission, PermissionChange>('permissions.updatePermission', STALE);
export const useArchivePermission = () =>
  useSigned<Permission, PermissionChange>('permissions.archivePermission', STALE);
/** What a role asks of the proof with which it is used. */
export const useSetRoleRules = () => useSigned<Permission, RoleRulesChange>('x.setRoleRules', STALE);
export const useAssign = () => useSigned<Assignment, AssignmentChange>('permissions.createAssignment', STALE);
export const useRevoke = () =>
  useSigned<Record<string, never>, AssignmentChange>('permissions.deleteAssignment', STALE);
