import { canonicalJson, type Json } from '@/lib/domain/canonical-json';
import { bytesToHex, hashParts } from '@/lib/domain/hash';
import type { AssignmentRecord, PermissionRecord } from './records';

/** Hash of a definition: what an update replaces and an approval refers to. */
export const versionOf = (definition: unknown): string =>
  bytesToHex(hashParts('countersign/version/1', canonicalJson(definition as Json)));

export const permissionVersion = ({
  name,
  operations,
  isArchived,
  rules,
}: Pick<PermissionRecord, 'name' | 'operations' | 'isArchived' | 'rules'>): string =>
  versionOf({ name, operations, isArchived, ...(rules ? { rules } : {}) });

export const assignmentVersion = (assignment: Pick<AssignmentRecord, 'id' | 'permissionId' | 'identityId'>): string =>
  versionOf({ id: assignment.id, permissionId: assignment.permissionId, identityId: assignment.identityId });
