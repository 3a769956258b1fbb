-- Keys and wallets by the end user they are delegated to.
CREATE INDEX ledger_records_delegated ON ledger_records (org_id, kind, (record->>'delegatedTo'), ordinal DESC) WHERE kind IN ('key', 'wallet');

-- Failed attempts to prove who one is, by a hash of whom and from where.
CREATE TABLE lockouts (
  id TEXT NOT NULL,
  failures INTEGER NOT NULL,
  failed_at TIMESTAMPTZ(3) NOT NULL,
  locked_until TIMESTAMPTZ(3),
  CONSTRAINT lockouts_pkey PRIMARY KEY (id)
);
CREATE INDEX lockouts_failed_at_idx ON lockouts (failed_at);
ALTER TABLE challenges ADD COLUMN attempt TEXT;

-- Sign-ins that wait for the identity provider, and its tokens that were used. Only hashes.
CREATE TABLE sso_logins (
  hash TEXT NOT NULL,
  org_id TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  expires_at TIMESTAMPTZ(3) NOT NULL,
  consumed_at TIMESTAMPTZ(3),
  CONSTRAINT sso_logins_pkey PRIMARY KEY (hash)
);
CREATE INDEX sso_logins_expires_at_idx ON sso_logins (expires_at);

-- Mails that wait for delivery, sealed: they may hold codes.
CREATE TABLE mails (
  id TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT mails_pkey PRIMARY KEY (id)
);

-- What is expired is found by these.
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
CREATE INDEX registration_codes_expires_at_idx ON registration_codes (expires_at);
