import fs from 'node:fs';
import path from 'node:path';
import { type SoftwareCredential, softwareKey } from '@/lib/authentication/testing/software-credentials';
import { send } from './checked';
import { enrol, type TestPerson, type TestPlatform } from './platform';

let count = 0;
const next = (): number => {
  count += 1;
  return count;
};

const codeFor = ({ dataDir }: TestPlatform, username: string): string => {
  const outbox = path.join(dataDir, 'outbox');
  const mails = fs.readdirSync(outbox).map((name) => JSON.parse(fs.readFileSync(path.join(outbox, name), 'utf8')));
  return mails.findLast((mail: { to: string }) => mail.to === username).code;
};

/** An invited person who has not registered yet. */
export const aGuest = async (platform: TestPlatform, admin: TestPerson) => {
  const username = `member-${next()}@example.com`;
  const { body } = await send(platform, admin, 'POST', '/auth/users', { email: username, kind: 'CustomerEmployee' });
  const registrationCode = codeFor(platform, username);
  return { orgId: admin.orgId, userId: body.userId as string, username, registrationCode };
};

/** A role with these operations. @returns its id. */
export const aRole = async (
  platform: TestPlatform,
  admin: TestPerson,
  operations: readonly string[],
): Promise<string> =>
  (await send(platform, admin, 'POST', '/permissions', { name: `role ${next()}`, operations })).body.id;

/** Gives a role with these operations to a user or token. */
export const give = async (
  platform: TestPlatform,
  admin: TestPerson,
  identityId: string,
  operations: readonly string[],
): Promise<void> => {
  const permissionId = await aRole(platform, admin, operations);
  const { status } = await send(platform, admin, 'POST', `/permissions/${permissionId}/assignments`, { identityId });
  if (status !== 200) throw new Error(`Not assigned: ${status}`);
};

/** A registered member who is signed in, with operations of their own where they are named. */
export const aMember = async (
  platform: TestPlatform,
  admin: TestPerson,
  operations: readonly string[] = [],
): Promise<TestPerson> => {
  const { userId: _userId, ...invitation } = await aGuest(platform, admin);
  const member = await enrol(platform, invitation);
  if (operations.length > 0) await give(platform, admin, member.userId, operations);
  return member;
};

/** A long-lived token in somebody's hands: what it signs with is known by the credential id that the server chose. */
export type Bearer = { readonly tokenId: string; readonly token: string; readonly key: SoftwareCredential };

/** Makes a bearer of what creating a token answered. */
export const bearerOf = (
  made: { readonly tokenId: string; readonly accessToken: string; readonly credId: string },
  key: SoftwareCredential,
): Bearer => {
  const { tokenId, accessToken, credId } = made;
  const assert = (challenge: string) => ({ ...key.assert(challenge), credId });
  return { tokenId, token: accessToken, key: { ...key, credId, assert } };
};

/** A personal access token of somebody. */
export const aToken = async (
  platform: TestPlatform,
  owner: Pick<TestPerson, 'key' | 'token'>,
  body: object = {},
): Promise<Bearer> => {
  const key = softwareKey('Ed25519');
  const made = await send(platform, owner, 'POST', '/auth/pats', { name: 'token', publicKey: key.publicKey, ...body });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  return bearerOf(made.body, key);
};
