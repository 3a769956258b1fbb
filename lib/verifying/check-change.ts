import { certificateHash } from '@/lib/ledger/nodes';
import { assignmentVersion, versionOf } from '@/lib/ledger/version';
import { type Checked, type Compare, comparing } from './check-request';
import { type OwnEntry, readEntry } from './ledger-entry';
import type { ChangeRequest, ChangeRequestDetail, PolicyDefinition } from './shapes';
import { definitionOf } from './versions';

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown })[name] : undefined;

const KIND_OF: Readonly<Record<string, ChangeRequest['kind']>> = {
  'policies.updatePolicy': 'Policy',
  'policies.archivePolicy': 'Policy',
  'permissions.updatePermission': 'Permission',
  'permissions.archivePermission': 'Permission',
  'permissions.createAssignment': 'Assignment',
  'permissions.deleteAssignment': 'Assignment',
  'x.setRoleRules': 'RoleRules',
  'x.unfreeze': 'Freeze',
  'x.requireVouching': 'Enrolment',
  'x.changeSettings': 'Settings',
  'x.replaceCertificate': 'NodeCertificate',
  'x.createTagChange': 'WalletTags',
};

const withoutEmptyFilters = (definition: PolicyDefinition) => {
  const { filters, ...rest } = definitionOf(definition);
  return filters && Object.keys(filters).length > 0 ? { ...rest, filters } : rest;
};

/** Compares what the change says with what was signed; what the body leaves out is held by the version it replaces. */
const compareChange = (compare: Compare, entry: OwnEntry, change: ChangeRequest): void => {
  const { body, params, operation } = entry;
  const replaces = entry.statement.context['replaces'];
  switch (change.kind) {
    case 'Policy': {
      const isArchiving = operation.id === 'policies.archivePolicy';
      compare('policy', params['policyId'], change.entityId);
      compare('status', isArchiving ? 'Archived' : 'Active', change.body.status);
      const stated = withoutEmptyFilters(change.body);
      if (isArchiving) compare('policy archived', replaces, versionOf(stated));
      else compare('definition', withoutEmptyFilters(body as PolicyDefinition), stated);
      return;
    }
    case 'Permission': {
      compare('role', params['permissionId'], change.entityId);
      for (const name of ['name', 'operations', 'isArchived'] as const) {
        const wanted = member(body, name);
        if (wanted !== undefined) compare(name, wanted, change.body[name]);
      }
      return;
    }
    case 'RoleRules': {
      compare('role', params['permissionId'], change.entityId);
      for (const name of ['hardwareBoundOnly', 'reauthenticateMinutes'] as const)
        compare(name, member(body, name), change.body[name]);
      return;
    }
    case 'Assignment': {
      const isGiving = operation.id === 'permissions.createAssignment';
      compare('role', params['permissionId'], change.body.permissionId);
      compare('change', isGiving ? 'Create' : 'Delete', change.operationKind);
      if (isGiving) compare('person', member(body, 'identityId'), change.body.identityId);
      else {
        compare('assignment', params['assignmentId'], change.body.id);
        compare('assignment taken away', replaces, assignmentVersion(change.body));
      }
      return;
    }
    case 'Freeze':
      compare('wallet', member(body, 'walletId'), change.body.walletId);
      return;
    case 'Enrolment':
      compare('enrolment', member(body, 'enrolment'), change.body.enrolment);
      return;
    case 'Settings':
      for (const name of ['strict', 'origins', 'sessions'] as const)
        compare(name, member(body, name), change.body[name]);
      return;
    case 'WalletTags':
      compare('wallet', member(body, 'walletId'), change.entityId);
      compare('wallet named', change.entityId, change.body.walletId);
      compare('tags', member(body, 'remove'), change.body.remove);
      return;
    case 'NodeCertificate':
      compare('node', params['node'], change.entityId);
      compare('kind', member(body, 'kind'), change.body.kind);
      compare('certificate', member(body, 'certificate'), change.body.certificate);
      compare(
        'certificate in the statement',
        entry.statement.context['certificate'],
        certificateHash(change.body.certificate),
      );
      compare('certificate replaced', replaces, certificateHash(change.body.replaced));
  }
};

/**
 * Reads a change of governance from its ledger entry and compares it with what the server says of it.
 * @returns the recomputed digest with the change, or what differs.
 */
export const checkChange = (
  stated: ChangeRequestDetail,
  known: { readonly orgId: string; readonly genesis: string | null },
): Checked<ChangeRequestDetail> => {
  const read = readEntry(stated);
  if (!read.ok) return read;
  const { entry } = read;
  const { compare, differences } = comparing();
  compare('change request', entry.effects['changeRequestId'], stated.id);
  if (stated.change.approvalId) compare('approval', entry.effects['approvalId'], stated.change.approvalId);
  compare('organisation', entry.statement.orgId, known.orgId);
  if (known.genesis) compare('genesis', entry.statement.genesis, known.genesis);
  compare('requester', entry.statement.userId, stated.change.requester.userId);
  compare('kind of change', KIND_OF[entry.operation.id], stated.change.kind);
  if (differences.length === 0) compareChange(compare, entry, stated.change);
  return differences.length > 0
    ? { ok: false, differences }
    : { ok: true, value: stated, digest: entry.digest, entry, says: entry };
};
