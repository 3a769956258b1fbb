import type { Enrolment, IdentityStore, PersonRow, SessionRow } from '@/lib/authentication/ports';
import { challenges } from '@/lib/db/challenges';
import type { Db } from '@/lib/db/client';
import { credentialCounters, requestLimits } from '@/lib/db/counters';
import { lockouts } from '@/lib/db/lockouts';
import { oneTimeCodes } from '@/lib/db/one-time-codes';

/**
 * Keeps people, sessions, challenges and user actions in PostgreSQL. Everything of single use is spent by an UPDATE that
 * matches only while it is unused, so that of any number of callers on any number of servers one wins.
 */
export const createIdentityStore = (db: Pick<Db, 'prisma' | 'pool'>): IdentityStore => {
  const { prisma, pool } = db;
  return {
    createOrganisation: async (data) => {
      await prisma.organisation.create({ data });
    },
    findOrganisation: async (id) => {
      const row = await prisma.organisation.findUnique({ where: { id } });
      return row && { ...row, enrolment: row.enrolment as Enrolment };
    },
    countOrganisations: () => prisma.organisation.count(),
    markFounded: async (id, foundedAt) => {
      await prisma.organisation.update({ where: { id }, data: { foundedAt } });
    },

    createPerson: async (data) => {
      const { count } = await prisma.person.createMany({ data: [data], skipDuplicates: true });
      return count === 1;
    },
    // SECURITY: asked for by whoever knows a name. A row is read as quickly as none, which Prisma does not do.
    findPersonByUsername: async (orgId, username) =>
      (
        await pool.query<PersonRow>({
          name: 'person-by-username',
          text: `SELECT user_id AS "userId", org_id AS "orgId", username, external_id AS "externalId", registered_at AS "registeredAt"
            FROM people WHERE org_id = $1 AND username = $2`,
          values: [orgId, username],
        })
      ).rows[0] ?? null,
    findPerson: (orgId, userId) => prisma.person.findFirst({ where: { userId, orgId } }),
    findPeople: (orgId, userIds) => prisma.person.findMany({ where: { orgId, userId: { in: [...userIds] } } }),
    markRegistered: async (userId, registeredAt) => {
      await prisma.person.update({ where: { userId }, data: { registeredAt } });
    },

    replaceRegistrationCode: async (data) => {
      await prisma.$transaction([
        prisma.registrationCode.deleteMany({ where: { userId: data.userId, consumedAt: null } }),
        prisma.registrationCode.create({ data }),
      ]);
    },
    findRegistrationCode: (hash) => prisma.registrationCode.findFirst({ where: { hash, consumedAt: null } }),
    consumeRegistrationCodes: async (userId, consumedAt) => {
      await prisma.registrationCode.updateMany({ where: { userId, consumedAt: null }, data: { consumedAt } });
    },

    createSession: async (data) => {
      await prisma.session.create({ data: { ...data, lastSeenAt: data.issuedAt } });
    },
    findSession: (jti) => prisma.session.findUnique({ where: { jti } }),
    findSignedIn: (jti) => findSignedIn(db, jti),
    findSessionsOf: (orgId, userId) =>
      prisma.session.findMany({ where: { orgId, userId, revokedAt: null }, orderBy: { issuedAt: 'desc' } }),
    noteSessionUse: async (jti, at) => {
      await prisma.session.updateMany({ where: { jti, lastSeenAt: { lt: at } }, data: { lastSeenAt: at } });
    },
    revokeSession: async (jti, revokedAt) => {
      await prisma.session.updateMany({ where: { jti, revokedAt: null }, data: { revokedAt } });
    },
    revokeSessionsOf: async (orgId, userId, revokedAt, except) => {
      const where = { orgId, userId, revokedAt: null, ...(except === undefined ? {} : { jti: { not: except } }) };
      await prisma.session.updateMany({ where, data: { revokedAt } });
    },

    createSsoLogin: async (data) => {
      await prisma.ssoLogin.create({ data });
    },
    consumeSsoLogin: async (hash, now) => {
      const { count } = await prisma.ssoLogin.updateMany({
        where: { hash, consumedAt: null, expiresAt: { gt: now } },
        data: { consumedAt: now },
      });
      return count === 1 ? prisma.ssoLogin.findUnique({ where: { hash } }) : null;
    },
    spendIdToken: async (row) => {
      const data = [{ ...row, redirectUri: '', consumedAt: new Date() }];
      return (await prisma.ssoLogin.createMany({ data, skipDuplicates: true })).count === 1;
    },

    createSetupToken: async (hash, expiresAt) => {
      await prisma.setupToken.create({ data: { hash, expiresAt } });
    },
    consumeSetupToken: async (hash, now) => {
      const { count } = await prisma.setupToken.updateMany({
        where: { hash, consumedAt: null, expiresAt: { gt: now } },
        data: { consumedAt: now },
      });
      return count === 1;
    },

    ...challenges(db),
    ...oneTimeCodes(db),
    ...credentialCounters(db),
    ...requestLimits(db),
    ...lockouts(db),
  };
};

type SignedInRow = SessionRow & { readonly version: string };

const findSignedIn = async ({ pool }: Pick<Db, 'pool'>, jti: string): ReturnType<IdentityStore['findSignedIn']> => {
  const { rows } = await pool.query<SignedInRow>({
    name: 'signed-in',
    text: `SELECT s.jti, s.org_id AS "orgId", s.user_id AS "userId", s.issued_at AS "issuedAt", s.last_seen_at AS "lastSeenAt",
        s.expires_at AS "expiresAt", s.revoked_at AS "revokedAt", s.hardware_bound AS "isHardwareBound",
        s.user_verified AS "isUserVerified", coalesce(v.version, 0)::text AS version
      FROM sessions s LEFT JOIN governance_versions v ON v.org_id = s.org_id WHERE s.jti = $1`,
    values: [jti],
  });
  const [row] = rows;
  if (!row) return null;
  const { version: governanceVersion, ...session } = row;
  return { session, governanceVersion };
};
