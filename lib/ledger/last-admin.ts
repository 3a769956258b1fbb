import { meetsRules, proofOf } from '@/lib/authorization/role-rules';
import { refused } from '@/lib/domain/refusal';
import { isCredentialLive, isFirstFactor } from './live';
import { after } from './policies';
import type { Change } from './records';
import { all, find, type OrgState } from './state';

/** Whether an active, registered employee keeps full admin access after the changes, with a live credential that meets its rules. */
export const adminsLeft = (state: OrgState, changes: readonly Change[]): boolean => {
  const next = after(state, changes);
  const fullAdmin = all(next, 'org')[0]?.genesis.fullAdmin.permissionId ?? '';
  const rules = find(next, 'permission', fullAdmin)?.rules;
  const holders = new Set(
    all(next, 'assignment')
      .filter((item) => !item.isRevoked && item.permissionId === fullAdmin)
      .map((item) => item.identityId),
  );
  return all(next, 'credential').some(
    (credential) =>
      holders.has(credential.userId) &&
      isFirstFactor(credential) &&
      isCredentialLive(next, credential) &&
      meetsRules(rules, proofOf(credential)),
  );
};

export const lastAdmin = () =>
  refused(
    409,
    'permission.last_admin',
    'At least one active person must keep full admin access, with a credential that meets the rules of that role.',
  );
