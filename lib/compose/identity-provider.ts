import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Configuration } from 'openid-client';
import type { IdentityProvider, VerifiedPerson } from '@/lib/authentication/ports';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import type { Environment } from '@/lib/env';

const TIMEOUT_S = 10;
/** Signatures an id token may bear: none that a holder of the client's secret could make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Loaded only where a provider is configured. */
const openIdClient = () => import('openid-client');

const notAuthorized = () => refused(401, 'authentication.sso', 'Not Authorized.');
const unreachable = () =>
  refused(503, 'authentication.sso_unreachable', 'The identity provider does not answer. Try again in a moment.');

/** Speaks OpenID Connect Core 1.0: authorization code with PKCE (RFC 7636), state and nonce. Discovery is done at the first use. */
export const createIdentityProvider = (settings: NonNullable<Environment['oidc']>): IdentityProvider => {
  const { issuer, clientId, secretClient } = settings;
  let discovered: Promise<Configuration> | undefined;
  const discover = async (): Promise<Configuration> => {
    const client = await openIdClient();
    return client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(secretClient), {
      timeout: TIMEOUT_S,
      execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
    });
  };
  const configuration = (): Promise<Configuration> => {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  };
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  const keySet = (found: Configuration): ReturnType<typeof createRemoteJWKSet> => {
    keys ??= createRemoteJWKSet(new URL(found.serverMetadata().jwks_uri ?? ''));
    return keys;
  };
  return {
    clientId,
    authorizationUrl: async ({ redirectUri, state, nonce, codeVerifier }) => {
      const client = await openIdClient();
      return client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }).href;
    },
    redeem: async ({ code, redirectUri, state, nonce, codeVerifier }) => {
      const found = await configuration().catch(() => null);
      if (!found) return unreachable();
      const returned = new URL(redirectUri);
      returned.searchParams.set('code', code);
      returned.searchParams.set('state', state);
      // The dialect carries code and state only. With one provider per installation no other could have sent them.
      if (found.serverMetadata().authorization_response_iss_parameter_supported)
        returned.searchParams.set('iss', found.serverMetadata().issuer);
      try {
        const client = await openIdClient();
        const tokens = await client.authorizationCodeGrant(found, returned, {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) return notAuthorized();
        return claims.email === undefined
          ? personOf(await client.fetchUserInfo(found, tokens.access_token, claims.sub))
          : personOf({ email: claims.email, email_verified: claims.email_verified });
      } catch {
        return notAuthorized();
      }
    },
    readIdToken: async (idToken) => {
      const found = await configuration().catch(() => null);
      if (!found) return unreachable();
      try {
        const { payload } = await jwtVerify(idToken, keySet(found), {
          issuer: found.serverMetadata().issuer,
          audience: clientId,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'iat', 'sub'],
        });
        // A token for several audiences must say that it was made for this one (OpenID Connect Core 3.1.3.7).
        if (payload.azp !== undefined && payload.azp !== clientId) return notAuthorized();
        const person = personOf({ email: payload.email, email_verified: payload.email_verified });
        return person.ok ? accepted({ ...person.value, expiresAt: (payload.exp ?? 0) * 1000 }) : person;
      } catch {
        return notAuthorized();
      }
    },
  };
};

/** Only an address the provider has verified says who somebody is. */
const personOf = (claims: { readonly email?: unknown; readonly email_verified?: unknown }): Outcome<VerifiedPerson> =>
  typeof claims.email === 'string' && claims.email !== '' && claims.email_verified === true
    ? accepted({ email: claims.email })
    : refused(401, 'authentication.sso_email', 'The identity provider names no verified e-mail address.');
