import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Hono } from 'hono';
import { createOrganisation } from '@/lib/authentication/organisations';
import type { Enrolment } from '@/lib/authentication/ports';
import { type SoftwareCredential, softwareKey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { OPEN_GATE } from '@/lib/compose/testing/open-gate';
import { composeWeb, type Web } from '@/lib/compose/web';
import { signerNodeStore } from '@/lib/db/signer-nodes';
import { pgSql } from '@/lib/db/sql';
import { createTestDatabase } from '@/lib/db/testing/postgres';
import { readEnvironment } from '@/lib/env';
import { createApi } from '@/lib/http/app';
import { IDENTITY_REGISTRY } from '@/lib/http/identity-registry';
import type { Registry } from '@/lib/http/registry';
import type { Services } from '@/lib/http/services';
import { createLogger } from '@/lib/logger';

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer holds.
export type Reply = { readonly status: number; readonly body: any; readonly headers: Headers };

/** The API over a database of its own, with certificates of signer nodes that nobody runs. Its clock can be moved. */
export type TestPlatform = {
  readonly app: Hono;
  readonly web: Web;
  readonly services: Services;
  readonly dataDir: string;
  readonly log: string[];
  advance(ms: number): void;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  close(): Promise<void>;
};

export type CallOptions = {
  readonly token?: string;
  readonly userAction?: string;
  /** Serialised when it is not text already. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

type PlatformOptions = { readonly env?: Readonly<Record<string, string>>; readonly registry?: Registry };

/** A platform over a fresh database of the tests' cluster. */
export const startPlatform = async (options: PlatformOptions = {}): Promise<TestPlatform> =>
  platformOn(await createTestDatabase(), options);

/** A platform over that migrated database, which it drops at the end. */
export const platformOn = async (
  database: { readonly url: string; readonly drop: () => Promise<void> },
  options: PlatformOptions = {},
): Promise<TestPlatform> => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'platform-'));
  const env = readEnvironment({ DATA_DIR: dataDir, DATABASE_URL: database.url, RATE_LIMIT: '0', ...options.env });
  const log: string[] = [];
  const web = composeWeb({
    env,
    makeGate: () => OPEN_GATE,
    log: createLogger({
      name: 'test',
      level: 'debug',
      destination: { write: (line) => void log.push(line) },
    }),
  });
  let offset = 0;
  const services: Services = { ...web.services, now: () => Date.now() + offset };
  const nodes = signerNodeStore(pgSql(services.db.pool));
  for (let node = 1; node <= env.signers; node++)
    await nodes.pin({ node, signingKey: rawKey('ed25519'), agreementKey: rawKey('x25519'), region: 'test' });
  const app = createApi(services, options.registry ?? IDENTITY_REGISTRY);
  return {
    app,
    web,
    services,
    dataDir,
    log,
    advance: (ms) => {
      offset += ms;
    },
    call: async (method, target, { token, userAction, body, headers } = {}) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const response = await app.request(`http://localhost:3000${target}`, {
        method,
        body: text,
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(userAction ? { 'x-dfns-useraction': userAction } : {}),
          ...headers,
        },
      });
      const answer = await response.text();
      return { status: response.status, headers: response.headers, body: answer === '' ? null : JSON.parse(answer) };
    },
    close: async () => {
      await web.close();
      await database.drop();
      fs.rmSync(dataDir, { recursive: true });
    },
  };
};

const rawKey = (type: 'ed25519' | 'x25519'): string => {
  const { publicKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex');
};

/** Somebody with a key, signed in. */
export type TestPerson = {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  readonly key: SoftwareCredential;
  readonly token: string;
};

/** Registers with a code and signs in, as a person would. */
export const enrol = async (
  platform: TestPlatform,
  invitation: { readonly orgId: string; readonly username: string; readonly registrationCode: string },
  key: SoftwareCredential = softwareKey(),
): Promise<TestPerson> => {
  const { orgId, username } = invitation;
  const { registrationCode } = invitation;
  const init = await platform.call('POST', '/auth/registration/init', { body: { orgId, username, registrationCode } });
  if (init.status !== 200) throw new Error(JSON.stringify(init.body));
  const done = await platform.call('POST', '/auth/registration', {
    token: init.body.temporaryAuthenticationToken,
    body: { firstFactorCredential: key.attest(init.body.challenge) },
  });
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  return { orgId, username, userId: done.body.user.id, key, token: await signIn(platform, orgId, username, key) };
};

export const signIn = async (
  platform: TestPlatform,
  orgId: string,
  username: string,
  key: SoftwareCredential,
): Promise<string> => {
  const challenge = await platform.call('POST', '/auth/login/init', { body: { orgId, username } });
  const answer = {
    challengeIdentifier: challenge.body.challengeIdentifier,
    firstFactor: toFirstFactor(key.assert(challenge.body.challenge)),
  };
  const done = await platform.call('POST', '/auth/login', { body: answer });
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  return done.body.token;
};

/** An organisation with its first administrator. */
export const anOrganisation = async (platform: TestPlatform, enrolment: Enrolment = 'server'): Promise<TestPerson> => {
  const username = `admin-${randomBytes(4).toString('hex')}@example.com`;
  return enrol(platform, await createOrganisation({ name: 'Acme', username, enrolment }, platform.services));
};

/** Gets a user action over a request, as the SDK does. */
export const signAction = async (
  platform: TestPlatform,
  person: Pick<TestPerson, 'key' | 'token'>,
  method: string,
  path: string,
  payload = '',
): Promise<string> => {
  const init = await platform.call('POST', '/auth/action/init', {
    token: person.token,
    body: {
      userActionPayload: payload,
      userActionHttpMethod: method,
      userActionHttpPath: path,
      userActionServerKind: 'Api',
    },
  });
  if (init.status !== 200) throw new Error(JSON.stringify(init.body));
  const answer = {
    challengeIdentifier: init.body.challengeIdentifier,
    firstFactor: toFirstFactor(person.key.assert(init.body.challenge)),
  };
  const done = await platform.call('POST', '/auth/action', { token: person.token, body: answer });
  if (done.status !== 200) throw new Error(JSON.stringify(done.body));
  return done.body.userAction;
};

/** Signs and makes a call. */
export const performSigned = async (
  platform: TestPlatform,
  person: Pick<TestPerson, 'key' | 'token'>,
  method: string,
  path: string,
  body: unknown,
): Promise<Reply> => {
  const payload = JSON.stringify(body);
  return platform.call(method, path, {
    token: person.token,
    userAction: await signAction(platform, person, method, path, payload),
    body: payload,
  });
};
