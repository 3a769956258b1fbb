import { IDENTITY_REGISTRY } from '@/lib/http/identity-registry';
import { joinRegistries, type Registry } from '@/lib/http/registry';
import { APPROVAL_VIEWS } from '@/lib/http/views/approvals';
import { GOVERNANCE_VIEWS } from '@/lib/http/views/governance';
import { REQUEST_VIEWS } from '@/lib/http/views/requests';
import { WALLET_VIEWS } from '@/lib/http/views/wallets';

/** Everything the API of this version can do. */
export const REGISTRY: Registry = joinRegistries(
  IDENTITY_REGISTRY,
  { views: APPROVAL_VIEWS },
  { views: GOVERNANCE_VIEWS },
  { views: REQUEST_VIEWS },
  { views: WALLET_VIEWS },
);
