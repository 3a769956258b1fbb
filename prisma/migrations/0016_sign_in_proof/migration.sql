-- What a sign-in proved, for roles with rules. Sessions from before proved nothing of the kind.
ALTER TABLE "sessions" ADD COLUMN "hardware_bound" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "sessions" ADD COLUMN "user_verified" BOOLEAN NOT NULL DEFAULT false;

-- Whether a passkey was backed up when it was last used, and since when that is so; unknown until it is used again.
ALTER TABLE "credential_counters" ADD COLUMN "backed_up" BOOLEAN;
ALTER TABLE "credential_counters" ADD COLUMN "backup_changed_at" TIMESTAMPTZ(3);

-- Requests somebody made within the minute that runs, as rate-limiter-flexible counts them: in place of token buckets of our own.
DROP TABLE "rate_buckets";
CREATE TABLE "rate_limits" (
  "key" VARCHAR(255) NOT NULL,
  "points" INTEGER NOT NULL DEFAULT 0,
  -- When the minute ends, unix milliseconds.
  "expire" BIGINT,

  CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);
