import { randomBytes } from 'node:crypto';
import { createSetupToken } from '@/lib/authentication/organisations';
import { createDb } from '@/lib/db/client';
import { createIdentityStore } from '@/lib/db/identity-store';

/** A fresh one-time token for the set-up link of the console, or nothing once there is an organisation. */
export const setupTokenFor = async (databaseUrl: string): Promise<string | undefined> => {
  const db = createDb({ url: databaseUrl, maxConnections: 1 });
  try {
    return await createSetupToken({
      identity: createIdentityStore(db),
      random: (length) => new Uint8Array(randomBytes(length)),
      now: Date.now,
    });
  } finally {
    await db.close();
  }
};
