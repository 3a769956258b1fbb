import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { enrol, performSigned, type TestPerson, type TestPlatform } from './platform';

/** Invites somebody without any permission, and registers them with the code of their mail. */
export const newPerson = async (platform: TestPlatform, by: TestPerson): Promise<TestPerson> => {
  const username = `person-${randomUUID()}@wallets.test`;
  const invited = await performSigned(platform, by, 'POST', '/auth/users', {
    email: username,
    kind: 'CustomerEmployee',
  });
  if (invited.status !== 200) throw new Error(JSON.stringify(invited.body));
  const outbox = path.join(platform.dataDir, 'outbox');
  const mails = fs.readdirSync(outbox).map((name) => JSON.parse(fs.readFileSync(path.join(outbox, name), 'utf8')));
  const { code } = mails.find(({ to }) => to === username) as { code: string };
  return enrol(platform, { orgId: by.orgId, username, registrationCode: code });
};
