import fs from 'node:fs';
import { BaseAuthApi, DfnsApiClient } from '@dfns/sdk';
import { OPERATIONS } from '@/lib/contract/table';

/** Names the file in which a run notes the methods of the SDK that its stories called. */
export const CALLS_FILE = 'E2E_SDK_CALLS_FILE';

const COUNTED = ['auth', 'permissions'] as const;

/** Every method of the SDK about who somebody is and what they may do, as `domain.method`: the ids of the contract's table. */
export const methodsInScope = (): string[] =>
  OPERATIONS.map(({ id }) => id)
    .filter((id) => COUNTED.some((domain) => id.startsWith(`${domain}.`)))
    // The older form of one call, which this SDK does not make.
    .filter((id) => id !== 'auth.resendRecoveryCode');

/** What the static calls of registration and sign-in are in the contract. */
const STATIC: Readonly<Record<string, string>> = {
  createUserActionChallenge: 'auth.createUserActionChallenge',
  signUserActionChallenge: 'auth.createUserActionSignature',
  createUserLoginChallenge: 'auth.createLoginChallenge',
  createUserLogin: 'auth.login',
  userLogout: 'auth.logout',
  createUserRegistrationChallenge: 'auth.createRegistrationChallenge',
  createUserRegistration: 'auth.register',
  createUserRecovery: 'auth.recover',
};

let isNoting = false;

type Methods = { [name: string]: (...args: unknown[]) => unknown };

const noting = (methods: Methods, name: string, id: string): void => {
  const original = methods[name];
  if (typeof original !== 'function') return;
  methods[name] = function note(this: unknown, ...args: unknown[]) {
    const file = process.env[CALLS_FILE];
    if (file) fs.appendFileSync(file, `${id}\n`);
    return Reflect.apply(original, this, args);
  };
};

/** Notes each call that a story makes of the SDK. The SDK itself stays as it is: the call goes on to it. */
export const noteSdkCalls = (): void => {
  if (isNoting) return;
  isNoting = true;
  const client = new DfnsApiClient({ baseUrl: 'http://localhost', orgId: 'or', authToken: '' });
  for (const domain of COUNTED) {
    const methods = Object.getPrototypeOf(client[domain]) as Methods;
    for (const name of Object.getOwnPropertyNames(methods)) {
      if (name !== 'constructor') noting(methods, name, `${domain}.${name}`);
    }
  }
  for (const [name, id] of Object.entries(STATIC)) noting(BaseAuthApi as unknown as Methods, name, id);
};

/** What was called and what was not. @param file As the run noted it. */
export const sdkCoverage = (file: string): { readonly line: string; readonly missing: readonly string[] } => {
  const called = new Set(fs.readFileSync(file, 'utf8').split('\n'));
  const wanted = methodsInScope();
  const missing = wanted.filter((id) => !called.has(id));
  const line = `SDK methods of ${COUNTED.join(' and ')}: ${wanted.length - missing.length} exercised / ${wanted.length} in scope`;
  return { line, missing };
};
