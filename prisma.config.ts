import { defineConfig } from 'prisma/config';

/** Only for authors of migrations; processes read the URL with lib/env.ts and apply migrations with prisma/migrate.ts. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://localhost:5432/countersign' },
});
