-- What an organisation's tokens called lately: for its developers to read. Kept for a week and ten thousand requests at most;
-- never a query, a body, a header or a token.
CREATE TABLE request_log (
  org_id     TEXT NOT NULL,
  ordinal    BIGSERIAL NOT NULL,
  request_id TEXT NOT NULL,
  at         TIMESTAMPTZ(3) NOT NULL,
  method     TEXT NOT NULL,
  path       TEXT NOT NULL,
  operation  TEXT,
  status     INTEGER NOT NULL,
  ms         INTEGER NOT NULL,
  user_id    TEXT NOT NULL,
  token_id   TEXT NOT NULL,
  CONSTRAINT request_log_pkey PRIMARY KEY (org_id, ordinal)
);
