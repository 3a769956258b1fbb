import type { QueueStage } from '@/lib/contract/queue-stages';
import type { Asked } from './asked';
import { QUERY } from './keys';

/** How many lines of the queue come at a time. */
const QUEUE_PAGE = 100;

export type QueueFilter = {
  readonly stage?: QueueStage;
  readonly kind?: string | undefined;
  readonly walletId?: string | undefined;
  readonly initiatorId?: string | undefined;
};

export const queueOf = (filter: QueueFilter): Asked => ({
  key: [...QUERY.approvals, 'queue'],
  operation: 'x.listApprovalQueue',
  query: { limit: QUEUE_PAGE, ...filter },
  isPaged: true,
  hasAmounts: true,
  needs: ['Policies:Approvals:Read'],
});

export const WALLETS: Asked = {
  key: QUERY.wallets,
  operation: 'wallets.listWallets',
  query: { limit: 100 },
  isPaged: true,
  needs: ['Wallets:Read'],
};

export const policiesOf = (status?: 'Active' | 'Archived'): Asked => ({
  key: QUERY.policies,
  operation: 'policies.listPolicies',
  query: { limit: 100, ...(status && { status }) },
  isPaged: true,
  hasAmounts: true,
  needs: ['Policies:Read'],
});

export const PERMISSIONS: Asked = {
  key: QUERY.permissions,
  operation: 'permissions.listPermissions',
  query: { limit: 200 },
  isPaged: true,
  needs: ['Permissions:Read'],
};

export const PEOPLE: Asked = {
  key: QUERY.people,
  operation: 'auth.listUsers',
  query: { limit: 200, kind: 'CustomerEmployee' },
  isPaged: true,
  needs: ['Auth:Users:Read'],
};

export const SERVICE_ACCOUNTS: Asked = {
  key: QUERY.serviceAccounts,
  operation: 'auth.listServiceAccounts',
  needs: ['Auth:ServiceAccounts:Read'],
};

export const ORGANISATION: Asked = { key: QUERY.organisation, operation: 'x.getOrganisation' };

export const SIGNERS: Asked = { key: QUERY.signers, operation: 'x.listSigners' };

/** Who a person is and what they may do. */
export const userOf = (userId: string): Asked => ({
  key: [...QUERY.people, userId],
  operation: 'auth.getUser',
  params: { userId },
});

export const credentialsOf = (userId: string): Asked => ({
  key: [...QUERY.people, userId, 'credentials'],
  operation: 'x.listUserCredentials',
  params: { userId },
});

/** What every page asks first, once it is known who is signed in. */
export const askedByFrame = (userId: string): readonly Asked[] => [
  ORGANISATION,
  SIGNERS,
  queueOf({ stage: 'needsMe' }),
  WALLETS,
  policiesOf(),
  PERMISSIONS,
  PEOPLE,
  SERVICE_ACCOUNTS,
  credentialsOf(userId),
];

/** What the queue asks beside that: how much waits on others. */
export const askedByQueue = (): readonly Asked[] => [queueOf({ stage: 'waiting' })];
