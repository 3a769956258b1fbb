/** First parts of the query keys: what a live event or a mutation makes old. */
export const QUERY = {
  session: ['session'],
  organisation: ['organisation'],
  wallets: ['wallets'],
  signingKeys: ['signing-keys'],
  activities: ['activities'],
  approvals: ['approvals'],
  policies: ['policies'],
  permissions: ['permissions'],
  people: ['people'],
  serviceAccounts: ['service-accounts'],
  credentials: ['credentials'],
  sessions: ['sessions'],
  tokens: ['tokens'],
  signers: ['signers'],
  audit: ['audit'],
  chainAlarms: ['chain-alarms'],
} as const;
