-- Every state of governance there was: each write of a user, credential, token, role, assignment, policy or change of them, in order.
-- A process brings its copy up to date with the rows above the last it has seen; who could do what at a past moment is read from it.
CREATE TABLE governance_history (
  -- Drawn under the organisation's exclusive lock: within one organisation its order is the order of the entries.
  ordinal BIGSERIAL PRIMARY KEY,
  org_id  TEXT NOT NULL,
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  leaf    BIGINT NOT NULL,
  -- Counted time of the entry, unix milliseconds.
  at      BIGINT NOT NULL,
  record  JSONB NOT NULL
);
CREATE INDEX governance_history_order ON governance_history (org_id, ordinal);
CREATE INDEX governance_history_record ON governance_history (org_id, kind, id, ordinal DESC);

-- What stands now is all that is known of the time before.
INSERT INTO governance_history (org_id, kind, id, leaf, at, record)
  SELECT r.org_id, r.kind, r.id, r.leaf, coalesce(ledger_leaf_at(l.content), 0), r.record
  FROM ledger_records r LEFT JOIN ledger_leaves l ON l.leaf = r.leaf
  WHERE r.kind IN ('org', 'user', 'credential', 'token', 'permission', 'assignment', 'policy', 'changeRequest')
  ORDER BY r.ordinal;
