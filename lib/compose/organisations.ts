import { randomBytes } from 'node:crypto';
import { createOrganisation, registrationUrl } from '@/lib/authentication/organisations';
import type { IdentityStore } from '@/lib/authentication/ports';
import { createDb } from '@/lib/db/client';
import { createIdentityStore } from '@/lib/db/identity-store';

type Deps = Parameters<typeof createOrganisation>[1];

const withStore = async <T>(databaseUrl: string, work: (deps: Deps) => Promise<T>): Promise<T> => {
  const db = createDb({ url: databaseUrl, maxConnections: 2 });
  const identity: IdentityStore = createIdentityStore(db);
  try {
    return await work({ identity, now: Date.now, random: (length) => new Uint8Array(randomBytes(length)) });
  } finally {
    await db.close();
  }
};

/** Makes an organisation whose first administrator registers with the returned code; enrolment is `server` (design §4.3). */
export const createOrganisationIn = (
  databaseUrl: string,
  input: { readonly name: string; readonly username: string; readonly publicUrl: string },
) =>
  withStore(databaseUrl, async (deps) => {
    const { orgId, username, registrationCode } = await createOrganisation(
      { name: input.name, username: input.username, enrolment: 'server' },
      deps,
    );
    return {
      orgId,
      username,
      registrationCode,
      registrationUrl: registrationUrl(input.publicUrl, { orgId, username, registrationCode }),
    };
  });
