import { ACCESS_HANDLERS } from './handlers/access';
import { ACTION_LOG_HANDLERS } from './handlers/action-logs';
import { ACTIVITY_HANDLERS } from './handlers/activities';
import { APPROVAL_QUEUE_HANDLERS } from './handlers/approval-queue';
import { APPROVAL_HANDLERS } from './handlers/approvals';
import { AUDIT_HANDLERS } from './handlers/audit';
import { DECISION_HANDLERS } from './handlers/decisions';
import { DELEGATION_HANDLERS, DELEGATION_VIEWS } from './handlers/delegations';
import { EVENT_HANDLERS } from './handlers/events';
import { EVIDENCE_HANDLERS } from './handlers/evidence';
import { EXTENSION_HANDLERS } from './handlers/extensions';
import { GOVERNANCE_HANDLERS } from './handlers/governance';
import { LEDGER_HANDLERS } from './handlers/ledger';
import { NETWORK_HANDLERS } from './handlers/networks';
import { REMINDER_HANDLERS } from './handlers/reminders';
import { REQUEST_LOG_HANDLERS } from './handlers/request-log';
import { REQUEST_HANDLERS } from './handlers/requests';
import { STANDING_HANDLERS } from './handlers/standings';
import { WALLET_HISTORY_HANDLERS } from './handlers/wallet-history';
import { WALLET_HANDLERS } from './handlers/wallets';
import type { Registry } from './registry';
import { APPROVAL_VIEWS } from './views/approvals';
import { GOVERNANCE_VIEWS } from './views/governance';
import { REQUEST_VIEWS } from './views/requests';
import { WALLET_VIEWS } from './views/wallets';

/** Permissions, policies, approvals, wallets, keys, requests and what we add to the dialect. */
export const RECORD_REGISTRY: Registry = {
  handlers: {
    ...GOVERNANCE_HANDLERS,
    ...APPROVAL_HANDLERS,
    ...APPROVAL_QUEUE_HANDLERS,
    ...WALLET_HANDLERS,
    ...WALLET_HISTORY_HANDLERS,
    ...REQUEST_HANDLERS,
    ...ACTIVITY_HANDLERS,
    ...EXTENSION_HANDLERS,
    ...DECISION_HANDLERS,
    ...DELEGATION_HANDLERS,
    ...STANDING_HANDLERS,
    ...REMINDER_HANDLERS,
    ...EVENT_HANDLERS,
    ...EVIDENCE_HANDLERS,
    ...LEDGER_HANDLERS,
    ...AUDIT_HANDLERS,
    ...ACTION_LOG_HANDLERS,
    ...ACCESS_HANDLERS,
    ...REQUEST_LOG_HANDLERS,
    ...NETWORK_HANDLERS,
  },
  views: { ...GOVERNANCE_VIEWS, ...APPROVAL_VIEWS, ...WALLET_VIEWS, ...REQUEST_VIEWS, ...DELEGATION_VIEWS },
};
