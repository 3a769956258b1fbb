CREATE TABLE "organisations" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "enrolment" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "founded_at" TIMESTAMPTZ(3),

  CONSTRAINT "organisations_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "organisations_enrolment_check" CHECK ("enrolment" IN ('server', 'vouched'))
);

CREATE TABLE "people" (
  "user_id" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "username" TEXT NOT NULL,
  "external_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "registered_at" TIMESTAMPTZ(3),

  CONSTRAINT "people_pkey" PRIMARY KEY ("user_id")
);
CREATE UNIQUE INDEX "people_org_id_username_key" ON "people" ("org_id", "username");

CREATE TABLE "registration_codes" (
  "hash" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "consumed_at" TIMESTAMPTZ(3),

  CONSTRAINT "registration_codes_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "registration_codes_user_id_idx" ON "registration_codes" ("user_id");

CREATE TABLE "sessions" (
  "jti" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "revoked_at" TIMESTAMPTZ(3),

  CONSTRAINT "sessions_pkey" PRIMARY KEY ("jti")
);
CREATE INDEX "sessions_org_id_user_id_idx" ON "sessions" ("org_id", "user_id");

CREATE TABLE "challenges" (
  "id" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "user_id" TEXT,
  "jti" TEXT,
  "challenge" TEXT NOT NULL,
  "statement" JSONB,
  "allow_credentials" TEXT[],
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "consumed_at" TIMESTAMPTZ(3),

  CONSTRAINT "challenges_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "challenges_purpose_check" CHECK ("purpose" IN ('login', 'registration', 'credential', 'userAction')),
  CONSTRAINT "challenges_statement_check" CHECK (("purpose" = 'userAction') = ("statement" IS NOT NULL))
);
CREATE INDEX "challenges_expires_at_idx" ON "challenges" ("expires_at");

CREATE TABLE "user_actions" (
  "token_hash" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "jti" TEXT NOT NULL,
  "statement" JSONB NOT NULL,
  "assertion" JSONB NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "consumed_at" TIMESTAMPTZ(3),

  CONSTRAINT "user_actions_pkey" PRIMARY KEY ("token_hash")
);
CREATE INDEX "user_actions_expires_at_idx" ON "user_actions" ("expires_at");

CREATE TABLE "credential_counters" (
  "credential_id" TEXT NOT NULL,
  "counter" BIGINT NOT NULL,

  CONSTRAINT "credential_counters_pkey" PRIMARY KEY ("credential_id")
);

CREATE TABLE "setup_tokens" (
  "hash" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "consumed_at" TIMESTAMPTZ(3),

  CONSTRAINT "setup_tokens_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "rate_buckets" (
  "id" TEXT NOT NULL,
  "tokens" DOUBLE PRECISION NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "rate_buckets_pkey" PRIMARY KEY ("id")
);
