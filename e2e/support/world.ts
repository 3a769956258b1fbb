import { codeFor } from './outbox';
import { type Person, register } from './person';
import { createOrganisation, findSystem, type System } from './system';

/** The system the run has started; `E2E_DATA_DIR` names it. */
export const theSystem = (): System => findSystem(process.env.E2E_DATA_DIR ?? '.data');

let counter = 0;
const unique = (): string => `${Date.now().toString(36)}-${(counter++).toString(36)}`;

/** A fresh organisation with its first admin signed in. */
export const newOrganisation = async (system: System): Promise<Person> => {
  const stamp = unique();
  return register(system.baseUrl, await createOrganisation(system, `Org ${stamp}`, `admin-${stamp}@example.org`));
};

/** Invites somebody by mail; they register and sign in. With operations they also get a permission of their own. */
export const invite = async (system: System, admin: Person, operations: readonly string[] = []): Promise<Person> => {
  const username = `person-${unique()}@example.org`;
  await admin.client.auth.createUser({ body: { email: username, kind: 'CustomerEmployee' } });
  const person = await register(system.baseUrl, {
    orgId: admin.orgId,
    username,
    registrationCode: await codeFor(system.dataDir, username),
  });
  if (operations.length > 0) {
    const permission = await admin.client.permissions.createPermission({
      body: { name: `Role ${unique()}`, operations: operations as never },
    });
    await admin.client.permissions.createAssignment({
      permissionId: permission.id,
      body: { identityId: person.userId },
    });
  }
  return person;
};

/** Calls the API as anybody with a token would, without the SDK. */
export const call = async (
  system: System,
  method: string,
  path: string,
  options: { readonly token?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<{
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };
  readonly contentType: string;
}> => {
  const response = await fetch(new URL(path, system.baseUrl), {
    method,
    headers: {
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined
      ? {}
      : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text ? JSON.parse(text) : {},
    contentType: response.headers.get('content-type') ?? '',
  };
};
