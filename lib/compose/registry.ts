import { APPROVAL_HANDLERS } from '@/lib/http/handlers/approvals';
import { GOVERNANCE_HANDLERS } from '@/lib/http/handlers/governance';
import { REQUEST_HANDLERS } from '@/lib/http/handlers/requests';
import { WALLET_HANDLERS } from '@/lib/http/handlers/wallets';
import { IDENTITY_REGISTRY } from '@/lib/http/identity-registry';
import { joinRegistries, type Registry } from '@/lib/http/registry';
import { APPROVAL_VIEWS } from '@/lib/http/views/approvals';
import { GOVERNANCE_VIEWS } from '@/lib/http/views/governance';
import { REQUEST_VIEWS } from '@/lib/http/views/requests';
import { WALLET_VIEWS } from '@/lib/http/views/wallets';

/** Everything the API of this version can do. */
export const REGISTRY: Registry = joinRegistries(
  IDENTITY_REGISTRY,
  { handlers: APPROVAL_HANDLERS, views: APPROVAL_VIEWS },
  { handlers: GOVERNANCE_HANDLERS, views: GOVERNANCE_VIEWS },
  { handlers: REQUEST_HANDLERS, views: REQUEST_VIEWS },
  { handlers: WALLET_HANDLERS, views: WALLET_VIEWS },
);
