-- One row per account on a chain: whoever chooses a nonce holds it.
CREATE TABLE "nonce_lanes" (
  "network" TEXT NOT NULL,
  "address" TEXT NOT NULL,
  "next_nonce" BIGINT NOT NULL DEFAULT 0,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "nonce_lanes_pkey" PRIMARY KEY ("network", "address"),
  CONSTRAINT "nonce_lanes_address_check" CHECK ("address" = lower("address"))
);

CREATE TABLE "transaction_attempts" (
  "id" BIGSERIAL NOT NULL,
  "org_id" TEXT NOT NULL,
  "activity_id" TEXT NOT NULL,
  "network" TEXT NOT NULL,
  "address" TEXT NOT NULL,
  "nonce" BIGINT NOT NULL,
  "attempt" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "unsigned" TEXT NOT NULL,
  "digest" TEXT NOT NULL,
  "max_cost" NUMERIC(78,0) NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'reserved',
  "raw" TEXT,
  "hash" TEXT,
  "block_number" BIGINT,
  "block_hash" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "transaction_attempts_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "transaction_attempts_lane_fkey" FOREIGN KEY ("network", "address") REFERENCES "nonce_lanes"("network", "address"),
  CONSTRAINT "transaction_attempts_kind_check" CHECK ("kind" IN ('original', 'cancel')),
  CONSTRAINT "transaction_attempts_state_check"
    CHECK ("state" IN ('reserved', 'signed', 'broadcast', 'mined', 'final', 'lost', 'released')),
  CONSTRAINT "transaction_attempts_numbers_check" CHECK ("nonce" >= 0 AND "attempt" >= 1 AND "max_cost" >= 0),
  -- Signed bytes are stored before they can be anything but reserved.
  CONSTRAINT "transaction_attempts_signed_check"
    CHECK (("raw" IS NULL) = ("hash" IS NULL) AND ("raw" IS NOT NULL) = ("state" NOT IN ('reserved', 'released')))
);

-- A nonce belongs to one activity; later attempts of it and cancels stand beside the first one.
CREATE UNIQUE INDEX "transaction_attempts_nonce" ON "transaction_attempts" ("network", "address", "nonce")
  WHERE "attempt" = 1 AND "kind" = 'original' AND "state" NOT IN ('released', 'lost');
CREATE UNIQUE INDEX "transaction_attempts_number" ON "transaction_attempts" ("activity_id", "attempt") WHERE "state" <> 'released';
CREATE UNIQUE INDEX "transaction_attempts_hash" ON "transaction_attempts" ("network", "hash");
CREATE INDEX "transaction_attempts_lane" ON "transaction_attempts" ("network", "address", "nonce");
CREATE INDEX "transaction_attempts_open" ON "transaction_attempts" ("id") WHERE "state" IN ('signed', 'broadcast', 'mined');
