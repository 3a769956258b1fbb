import type { ChangeRequest } from '@/lib/client/shapes';

/** A change of governance in one sentence. Names are those of the change itself. */
export const changeWords = (change: ChangeRequest, nameOf: (id: string) => string): string => {
  switch (change.kind) {
    case 'Policy':
      return change.body.status === 'Archived'
        ? `Archive policy “${change.body.name}”.`
        : `Change policy “${change.body.name}”.`;
    case 'Permission':
      return change.body.isArchived ? `Archive role “${change.body.name}”.` : `Change role “${change.body.name}”.`;
    case 'RoleRules':
      return `Change the rules of the role “${nameOf(change.entityId)}”.`;
    case 'Assignment': {
      const role = nameOf(change.body.permissionId);
      const identity = nameOf(change.body.identityId);
      return change.operationKind === 'Create'
        ? `Give ${identity} the role “${role}”.`
        : `Take the role “${role}” from ${identity}.`;
    }
    case 'Enrolment':
      return 'Let new keys count only once somebody vouches for them.';
    case 'Settings':
      return 'Change the settings of the organisation.';
    case 'NodeCertificate':
      return change.body.kind === 'Replacement'
        ? `Replace signer ${change.entityId}, whose store is lost.`
        : `Put a new certificate of signer ${change.entityId} in force.`;
    case 'WalletTags':
      return `Take the ${change.body.remove.length === 1 ? 'tag' : 'tags'} ${change.body.remove.join(', ')} from wallet ${nameOf(change.body.walletId)}.`;
    case 'Freeze':
      return change.body.walletId ? `Unfreeze wallet ${nameOf(change.body.walletId)}.` : 'Unfreeze the organisation.';
  }
};
