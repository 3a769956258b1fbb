-- The ledger: leaves as they were decided, chained later by the sequencer, and the records they lead to.
CREATE TABLE ledger_leaves (
  leaf        BIGSERIAL PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  org_id      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  -- Canonical JSON of the entry without seq and prev.
  content     TEXT NOT NULL,
  body        BYTEA NOT NULL,
  -- The activity or change request the entry is about, for its timeline.
  subject     TEXT,
  created_at  TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  -- Set by the sequencer, all together and once.
  seq         BIGINT,
  bytes       BYTEA,
  hash        TEXT,
  root        TEXT,
  chained_at  TIMESTAMPTZ(3),
  CONSTRAINT ledger_leaves_chained CHECK ((seq IS NULL) = (bytes IS NULL) AND (seq IS NULL) = (hash IS NULL) AND (seq IS NULL) = (root IS NULL))
);
CREATE UNIQUE INDEX ledger_leaves_org_seq ON ledger_leaves (org_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX ledger_leaves_subject ON ledger_leaves (org_id, subject, leaf) WHERE subject IS NOT NULL;
CREATE INDEX ledger_leaves_unchained ON ledger_leaves (leaf) WHERE seq IS NULL;

-- The ledger is append-only: a leaf never changes but for taking its place, and never goes.
CREATE FUNCTION ledger_leaves_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'the ledger is append-only'; END IF;
  IF OLD.seq IS NOT NULL OR NEW.leaf <> OLD.leaf OR NEW.id <> OLD.id OR NEW.org_id <> OLD.org_id OR NEW.kind <> OLD.kind
     OR NEW.content <> OLD.content OR NEW.body <> OLD.body THEN
    RAISE EXCEPTION 'the ledger is append-only';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_leaves_append_only BEFORE UPDATE OR DELETE ON ledger_leaves
  FOR EACH ROW EXECUTE FUNCTION ledger_leaves_append_only();

CREATE TABLE ledger_heads (
  org_id     TEXT PRIMARY KEY,
  seq        BIGINT NOT NULL,
  hash       TEXT NOT NULL,
  root       TEXT NOT NULL,
  -- Roots of the full subtrees, largest first, 32 bytes each.
  frontier   BYTEA NOT NULL,
  chained_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp()
);

-- Replayed state: one row for each record; ids carry the uniqueness (statement hash, pin, externalId).
CREATE TABLE ledger_records (
  org_id    TEXT NOT NULL,
  kind      TEXT NOT NULL,
  id        TEXT NOT NULL,
  -- Order in which records came to be: that of their leaves within one lane.
  ordinal   BIGSERIAL NOT NULL,
  -- The leaf that first wrote the record.
  leaf      BIGINT NOT NULL,
  record    JSONB NOT NULL,
  PRIMARY KEY (org_id, kind, id)
);
CREATE INDEX ledger_records_order ON ledger_records (org_id, kind, ordinal DESC);
CREATE INDEX ledger_records_wallet ON ledger_records (org_id, kind, (record->>'walletId'), ordinal DESC) WHERE kind IN ('activity', 'window');
CREATE INDEX ledger_records_key ON ledger_records (org_id, kind, (record->>'keyId'), ordinal DESC) WHERE kind IN ('activity', 'wallet');
CREATE INDEX ledger_records_status ON ledger_records (org_id, kind, (record->>'status'), ordinal DESC) WHERE kind IN ('activity', 'approval', 'changeRequest');
CREATE INDEX ledger_records_unsettled ON ledger_records (org_id) WHERE kind = 'window' AND NOT record ? 'settledAt';
CREATE INDEX ledger_records_window ON ledger_records (org_id, (record->>'activityId')) WHERE kind = 'window';
CREATE UNIQUE INDEX ledger_records_permission_name ON ledger_records (org_id, (record->>'name')) WHERE kind = 'permission';
CREATE UNIQUE INDEX ledger_records_cred_id ON ledger_records (org_id, (record->>'credId')) WHERE kind = 'credential';

-- Raised by every change of governance, read under the organisation's lock: tells a process whether its copy is current.
CREATE TABLE governance_versions (
  org_id  TEXT PRIMARY KEY,
  version BIGINT NOT NULL
);

-- Signs of life of the parts that have no connection of their own to be seen by.
CREATE TABLE heartbeats (
  part TEXT PRIMARY KEY,
  at   TIMESTAMPTZ(3) NOT NULL
);
