CREATE TABLE "signer_nodes" (
  "node" INTEGER NOT NULL,
  "certificate" JSONB NOT NULL,
  "connected" BOOLEAN NOT NULL DEFAULT false,
  "last_seen" TIMESTAMPTZ(3),
  "heads" JSONB NOT NULL DEFAULT '{}',
  "clock_offset_ms" INTEGER NOT NULL DEFAULT 0,
  "self_test" BOOLEAN NOT NULL DEFAULT false,
  "quarantined" BOOLEAN NOT NULL DEFAULT false,
  "pairs" JSONB NOT NULL DEFAULT '[]',
  "stopped" JSONB NOT NULL DEFAULT '[]',
  "counts" JSONB NOT NULL DEFAULT '{}',
  "backend" TEXT NOT NULL DEFAULT '',
  "unaudited" BOOLEAN NOT NULL DEFAULT true,

  CONSTRAINT "signer_nodes_pkey" PRIMARY KEY ("node"),
  CONSTRAINT "signer_nodes_node_check" CHECK ("node" BETWEEN 1 AND 64)
);

CREATE TABLE "signer_refusals" (
  "id" BIGSERIAL NOT NULL,
  "org_id" TEXT NOT NULL,
  "activity_id" TEXT NOT NULL,
  "node" INTEGER NOT NULL,
  "code" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "signer_refusals_pkey" PRIMARY KEY ("id")
);

-- What the console shows beside an activity.
CREATE INDEX "signer_refusals_activity" ON "signer_refusals" ("org_id", "activity_id", "id");
