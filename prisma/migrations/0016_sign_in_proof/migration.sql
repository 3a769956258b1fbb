-- What a sign-in proved, for roles with rules. Sessions from before proved nothing of the kind.
ALTER TABLE "sessions" ADD COLUMN "hardware_bound" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "sessions" ADD COLUMN "user_verified" BOOLEAN NOT NULL DEFAULT false;

-- Whether a passkey was backed up when it was last used, and since when that is so; unknown until it is used again.
ALTER TABLE "credential_counters" ADD COLUMN "backed_up" BOOLEAN;
ALTER TABLE "credential_counters" ADD COLUMN "backup_changed_at" TIMESTAMPTZ(3);
