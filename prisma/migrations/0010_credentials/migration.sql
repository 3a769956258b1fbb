-- Codes that people type: to sign in with a password-protected key, to recover an account, to add a credential from another device.
CREATE TABLE "one_time_codes" (
  "id" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "org_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "consumed_at" TIMESTAMPTZ(3),

  CONSTRAINT "one_time_codes_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "one_time_codes_purpose_check" CHECK ("purpose" IN ('login', 'recovery', 'credential'))
);
CREATE INDEX "one_time_codes_user_id_purpose_idx" ON "one_time_codes" ("user_id", "purpose");
CREATE INDEX "one_time_codes_hash_idx" ON "one_time_codes" ("hash");
CREATE INDEX "one_time_codes_expires_at_idx" ON "one_time_codes" ("expires_at");

-- The challenges of a recovery and of a credential added by code. Purposes are a closed type of the code that writes them.
ALTER TABLE "challenges" DROP CONSTRAINT "challenges_purpose_check";
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_purpose_check"
  CHECK ("purpose" IN ('login', 'registration', 'credential', 'userAction', 'recovery', 'credentialCode'));
ALTER TABLE "challenges" DROP CONSTRAINT "challenges_statement_check";
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_statement_check"
  CHECK (("purpose" IN ('userAction', 'recovery')) = ("statement" IS NOT NULL));
