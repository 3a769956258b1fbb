/**
 * Where the operations stand that the console calls without a signature: method and path as in the contract's table, without its schemas.
 * A page that only shows things does without those; routes.test.ts compares the two.
 */
export const ROUTES = {
  'auth.createUserActionChallenge': 'POST /auth/action/init',
  'auth.createUserActionSignature': 'POST /auth/action',
  'auth.createRegistrationChallenge': 'POST /auth/registration/init',
  'auth.register': 'POST /auth/registration',
  'auth.resendRegistrationCode': 'PUT /auth/registration/code',
  'auth.sendRecoveryCode': 'POST /auth/recover/user/code',
  'auth.createRecoveryChallenge': 'POST /auth/recover/user/init',
  'auth.recover': 'POST /auth/recover/user',
  'auth.createLoginChallenge': 'POST /auth/login/init',
  'auth.logout': 'PUT /auth/logout',
  'auth.listUsers': 'GET /auth/users',
  'auth.getUser': 'GET /auth/users/:userId',
  'auth.listCredentials': 'GET /auth/credentials',
  'auth.createCredentialChallenge': 'POST /auth/credentials/init',
  'auth.listServiceAccounts': 'GET /auth/service-accounts',
  'auth.listPersonalAccessTokens': 'GET /auth/pats',
  'permissions.listPermissions': 'GET /permissions',
  'permissions.getPermission': 'GET /permissions/:permissionId',
  'permissions.listAssignments': 'GET /permissions/:permissionId/assignments',
  'policies.listPolicies': 'GET /v2/policies',
  'policies.getPolicy': 'GET /v2/policies/:policyId',
  'policies.getApproval': 'GET /v2/policy-approvals/:approvalId',
  'keys.listKeys': 'GET /keys',
  'keys.getKey': 'GET /keys/:keyId',
  'wallets.listWallets': 'GET /wallets',
  'wallets.getWallet': 'GET /wallets/:walletId',
  'wallets.getWalletAssets': 'GET /wallets/:walletId/assets',
  'networks.getFees': 'GET /networks/fees',
  'x.listUserCredentials': 'GET /x/users/:userId/credentials',
  'x.getOrganisation': 'GET /x/organisation',
  'x.listActivities': 'GET /x/activities',
  'x.getActivity': 'GET /x/activities/:activityId',
  'x.getChangeRequest': 'GET /x/change-requests/:changeRequestId',
  'x.getLedgerHead': 'GET /x/ledger/head',
  'x.listSigners': 'GET /x/signers',
  'x.listSignerRefusals': 'GET /x/signers/refusals',
  'x.getKeyHolders': 'GET /x/keys/:keyId/holders',
  'x.listApprovalQueue': 'GET /x/approvals',
  'x.getDecision': 'GET /x/activities/:activityId/decision',
  'x.simulatePolicies': 'POST /x/policies/simulate',
  'x.listPolicyVersions': 'GET /x/policies/:policyId/versions',
  'x.listDelegations': 'GET /x/delegations',
  'x.getReminders': 'GET /x/organisation/reminders',
  'x.getEvidence': 'GET /x/activities/:activityId/evidence',
  'x.getEntryProof': 'GET /x/ledger/entries/:seq/proof',
  'x.listCheckpoints': 'GET /x/ledger/checkpoints',
  'x.listAuditEntries': 'GET /x/audit/entries',
  'x.getAuditEntry': 'GET /x/audit/entries/:seq',
  'x.listChainAlarms': 'GET /x/audit/chain-alarms',
  'x.getEffectiveAccess': 'GET /x/access/identities/:identityId',
  'x.listOperationHolders': 'GET /x/access/holders',
  'x.listRequestLog': 'GET /x/request-log',
  'x.listSessions': 'GET /x/sessions',
  'x.setUp': 'POST /x/setup',
} as const;

export type RouteId = keyof typeof ROUTES;

/** Method and path of an operation. */
export const routeOf = (id: RouteId): { readonly method: string; readonly path: string } => {
  const [method = '', path = ''] = ROUTES[id].split(' ');
  return { method, path };
};
