CREATE TABLE "jobs" (
  "id" BIGSERIAL NOT NULL,
  "name" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "dedupe_key" TEXT,
  "run_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "max_attempts" INTEGER NOT NULL DEFAULT 25,
  "lease_until" TIMESTAMPTZ(3),
  "fence" BIGINT NOT NULL DEFAULT 0,
  "wanted_again" BOOLEAN NOT NULL DEFAULT false,
  "last_error" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "finished_at" TIMESTAMPTZ(3),

  CONSTRAINT "jobs_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "jobs_attempts_check" CHECK ("attempts" >= 0 AND "max_attempts" > 0)
);

-- The same work waits at most once.
CREATE UNIQUE INDEX "jobs_dedupe_key" ON "jobs" ("dedupe_key") WHERE "finished_at" IS NULL;

-- What a worker looks through to find its next job.
CREATE INDEX "jobs_waiting" ON "jobs" ("run_at", "id") WHERE "finished_at" IS NULL;
