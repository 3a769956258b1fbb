-- Every full subtree of a ledger's Merkle tree is completed by exactly one entry: its hash lies in that entry's row, so that a proof
-- reads one row for each level and never the leaves.
ALTER TABLE ledger_leaves ADD COLUMN tree BYTEA;

ALTER TABLE ledger_leaves DISABLE TRIGGER ledger_leaves_append_only;
UPDATE ledger_leaves SET tree = sha256('\x00'::bytea || bytes) WHERE seq IS NOT NULL;
DO $$
DECLARE
  level INTEGER := 1;
  step  BIGINT := 2;
  done  BIGINT;
BEGIN
  LOOP
    UPDATE ledger_leaves upper
    SET tree = upper.tree || sha256('\x01'::bytea || substring(lower.tree FROM (level - 1) * 32 + 1 FOR 32)
                                                  || substring(upper.tree FROM (level - 1) * 32 + 1 FOR 32))
    FROM ledger_leaves lower
    WHERE (upper.seq + 1) % step = 0 AND lower.org_id = upper.org_id AND lower.seq = upper.seq - step / 2;
    GET DIAGNOSTICS done = ROW_COUNT;
    EXIT WHEN done = 0;
    level := level + 1;
    step := step * 2;
  END LOOP;
END $$;
ALTER TABLE ledger_leaves ENABLE TRIGGER ledger_leaves_append_only;

ALTER TABLE ledger_leaves DROP CONSTRAINT ledger_leaves_chained;
ALTER TABLE ledger_leaves ADD CONSTRAINT ledger_leaves_chained CHECK (
  (seq IS NULL) = (bytes IS NULL) AND (seq IS NULL) = (hash IS NULL) AND (seq IS NULL) = (root IS NULL) AND (seq IS NULL) = (tree IS NULL));
CREATE INDEX ledger_leaves_checkpoints ON ledger_leaves (org_id, seq) WHERE kind = 'checkpoint';

-- What a node last signed on an idle system: a root over the heads of all organisations.
CREATE TABLE witness_heartbeats (
  node        INTEGER NOT NULL,
  at          TIMESTAMPTZ(3) NOT NULL,
  root        TEXT NOT NULL,
  -- [{orgId, seq, root}] in order of orgId: the leaves under root.
  heads       JSONB NOT NULL,
  signature   TEXT NOT NULL,
  received_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT witness_heartbeats_pkey PRIMARY KEY (node, at)
);

-- Alarms of nodes about an organisation's ledger, with the evidence they keep.
CREATE TABLE ledger_alarms (
  id      BIGSERIAL PRIMARY KEY,
  org_id  TEXT NOT NULL,
  node    INTEGER NOT NULL,
  code    TEXT NOT NULL,
  subject TEXT NOT NULL,
  message TEXT NOT NULL,
  content JSONB NOT NULL,
  at      TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX ledger_alarms_once ON ledger_alarms (org_id, node, code, subject);
