// What is used of a package that offers far more: anything else does not compile.

declare module 'openid-client' {
  export type Configuration = {
    serverMetadata(): {
      readonly issuer: string;
      readonly jwks_uri?: string;
      readonly authorization_response_iss_parameter_supported?: boolean;
    };
  };
  type ClientAuthentication = (...request: never[]) => void;
  type Claims = { readonly sub: string; readonly email?: unknown; readonly email_verified?: unknown };

  export function ClientSecretBasic(secret: string): ClientAuthentication;
  export function allowInsecureRequests(configuration: Configuration): void;
  export function discovery(
    issuer: URL,
    clientId: string,
    metadata: undefined,
    authentication: ClientAuthentication,
    options: {
      /** Seconds. */
      readonly timeout: number;
      readonly execute: readonly ((configuration: Configuration) => void)[];
    },
  ): Promise<Configuration>;
  export function calculatePKCECodeChallenge(verifier: string): Promise<string>;
  export function buildAuthorizationUrl(
    configuration: Configuration,
    parameters: Readonly<Record<string, string>>,
  ): URL;
  export function authorizationCodeGrant(
    configuration: Configuration,
    returned: URL,
    checks: {
      readonly pkceCodeVerifier: string;
      readonly expectedState: string;
      readonly expectedNonce: string;
      readonly idTokenExpected: true;
    },
  ): Promise<{ readonly access_token: string; claims(): Claims | undefined }>;
  export function fetchUserInfo(
    configuration: Configuration,
    accessToken: string,
    expectedSubject: string,
  ): Promise<Claims>;
}
