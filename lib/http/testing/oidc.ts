import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';

export const CLIENT_ID = 'countersign';
export const CLIENT_SECRET = 'a secret of the client, long enough for HS256';

/** A development dependency, loaded by name: nothing that is shipped can come to import it. */
const PACKAGE: string = 'oidc-provider';
type ProviderClass = new (
  issuer: string,
  configuration: object,
) => { callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void> };

/** A real OpenID Connect provider on loopback: whoever types an address is that person. */
export type TestProvider = {
  readonly issuer: string;
  /** Signs in there as a browser would. @returns where the provider sent the browser back to. */
  readonly signIn: (authorizationUrl: string, email: string) => Promise<URL>;
  readonly close: () => Promise<void>;
};

export const startProvider = async (redirectUri: string): Promise<TestProvider> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { default: Provider } = (await import(/* @vite-ignore */ PACKAGE)) as { readonly default: ProviderClass };
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] }],
    cookies: { keys: ['cookies of a test'] },
    claims: { email: ['email', 'email_verified'] },
    findAccount: async (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified') }),
    }),
  });
  const listener = provider.callback();
  server.on('request', (request, response) => void listener(request, response));
  return {
    issuer,
    signIn: (authorizationUrl, email) => walk(authorizationUrl, email, redirectUri),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** Follows the provider's redirects and fills in its two forms, who one is and that one agrees. */
const walk = async (start: string, email: string, redirectUri: string): Promise<URL> => {
  const cookies = new Map<string, string>();
  let target = new URL(start);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 20; step += 1) {
    const response = await fetch(target, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = response.headers.get('location');
    form = undefined;
    if (location) {
      target = new URL(location, target);
      if (target.href.startsWith(redirectUri)) return target;
      continue;
    }
    const page = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (!prompt || !action) throw new Error(`${response.status}: ${page.slice(0, 500)}`);
    form = new URLSearchParams(prompt === 'login' ? { prompt, login: email, password: 'any' } : { prompt });
    target = new URL(action, target);
  }
  throw new Error('The provider goes round in circles.');
};

/** An issuer whose key the test holds, so that it can make id tokens of every kind. */
export const startIssuer = async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    const answer =
      request.url === '/jwks'
        ? { keys: [jwk] }
        : {
            issuer: url,
            jwks_uri: `${url}/jwks`,
            authorization_endpoint: `${url}/authorize`,
            token_endpoint: `${url}/token`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['ES256'],
          };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let made = 0;
  return {
    url,
    token: (email: string, claims: { readonly aud?: string; readonly email_verified?: boolean } = {}) =>
      new SignJWT({ email, email_verified: true, aud: CLIENT_ID, jti: String(made++), ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuer(url)
        .setSubject(email)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
