import { EVERYTHING } from '@/lib/ledger/full-admin';
import { settingsVersion } from '@/lib/ledger/org-settings';
import { assignmentVersion, permissionVersion, versionOf } from '@/lib/ledger/version';
import type { Assignment, Organisation, Permission, Policy, PolicyDefinition } from './shapes';

/** What people edit of a policy; an update replaces all of it. */
export const definitionOf = ({
  name,
  activityKind,
  rule,
  action,
  filters,
}: Policy | PolicyDefinition): PolicyDefinition => ({
  name,
  activityKind,
  rule,
  action,
  ...(filters && { filters }),
});

/** Versions of what the screen shows: a statement that replaces another one is not signed. */
export const shownPolicyVersion = (policy: Policy): string => versionOf(definitionOf(policy));
/** The managed role of full access holds everything by one sign, and shows each operation. */
export const shownPermissionVersion = (permission: Permission): string =>
  permissionVersion(permission.isImmutable ? { ...permission, operations: [EVERYTHING] } : permission);
export const shownAssignmentVersion = (assignment: Assignment): string => assignmentVersion(assignment);
export const shownSettingsVersion = (organisation: Pick<Organisation, 'strict' | 'origins' | 'sessions'>): string =>
  settingsVersion(organisation);
