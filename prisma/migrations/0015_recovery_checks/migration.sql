-- Questions of processes that have just met this database: is it as far as the nodes hold the ledgers? The coordinator answers. An id is
-- random, so that no restored copy of the database holds the answer.
CREATE TABLE recovery_checks (
  id          TEXT PRIMARY KEY,
  asked_at    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  answered_at TIMESTAMPTZ,
  -- Why there is no answer yet, in words.
  waits_for   TEXT
);
