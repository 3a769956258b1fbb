import { CREDENTIAL_CODE_HANDLERS } from './handlers/credential-codes';
import { CREDENTIAL_HANDLERS } from './handlers/credentials';
import { END_USER_HANDLERS } from './handlers/end-users';
import { IDENTITY_HANDLERS } from './handlers/identities';
import { LOGIN_HANDLERS } from './handlers/login';
import { PAT_HANDLERS } from './handlers/pats';
import { RECOVERY_HANDLERS } from './handlers/recovery';
import { REGISTRATION_HANDLERS } from './handlers/registration';
import { REMOVAL_HANDLERS } from './handlers/removal';
import { SESSION_HANDLERS } from './handlers/sessions';
import { SETUP_HANDLERS } from './handlers/setup';
import { SSO_HANDLERS } from './handlers/sso';
import { USER_ACTION_HANDLERS } from './handlers/user-actions';
import type { Registry } from './registry';
import { IDENTITY_VIEWS } from './views/identities';

/** People, credentials, sessions, tokens and user actions. */
export const IDENTITY_REGISTRY: Registry = {
  handlers: {
    ...USER_ACTION_HANDLERS,
    ...REGISTRATION_HANDLERS,
    ...END_USER_HANDLERS,
    ...SSO_HANDLERS,
    ...LOGIN_HANDLERS,
    ...CREDENTIAL_HANDLERS,
    ...CREDENTIAL_CODE_HANDLERS,
    ...RECOVERY_HANDLERS,
    ...IDENTITY_HANDLERS,
    ...REMOVAL_HANDLERS,
    ...PAT_HANDLERS,
    ...SESSION_HANDLERS,
    ...SETUP_HANDLERS,
  },
  views: IDENTITY_VIEWS,
};
