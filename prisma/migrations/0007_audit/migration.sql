-- What the audit log looks entries up by. Keys of the canonical text are sorted and quotes inside its strings escaped, so that
-- the first bare "at" is the entry's own: only the assertion comes before it, and that has none.
CREATE FUNCTION ledger_leaf_at(content TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT substring(content FROM '[{,]"at":(\d{1,16})')::bigint $$;
-- Who signed the entry, or whose registration it is. The statement is the last member but for the version.
CREATE FUNCTION ledger_leaf_user(kind TEXT, content TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE kind
    WHEN 'userAction' THEN substring(content FROM '"userId":"([^"\\]*)","v":1\},"v":1\}$')
    WHEN 'registration' THEN substring(content FROM '.*"userId":"([^"\\]*)"')
  END $$;

CREATE INDEX ledger_leaves_at ON ledger_leaves (org_id, ledger_leaf_at(content)) WHERE seq IS NOT NULL;
CREATE INDEX ledger_leaves_user ON ledger_leaves (org_id, ledger_leaf_user(kind, content), seq) WHERE seq IS NOT NULL;

-- Transactions out of our wallets that stand on a chain and not in the ledger. One row each, for good.
CREATE TABLE chain_alarms (
  id         BIGSERIAL PRIMARY KEY,
  org_id     TEXT NOT NULL,
  wallet_id  TEXT NOT NULL,
  network    TEXT NOT NULL,
  address    TEXT NOT NULL,
  nonce      BIGINT NOT NULL,
  -- Hash of the transaction, where the node can name it.
  hash       TEXT,
  -- What the ledger knows of that nonce: nothing, an unsigned request, or one whose place was taken.
  reason     TEXT NOT NULL,
  noticed_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT chain_alarms_reason CHECK (reason IN ('unknown', 'unsigned', 'replaced')),
  CONSTRAINT chain_alarms_address CHECK (address = lower(address))
);
CREATE UNIQUE INDEX chain_alarms_nonce ON chain_alarms (network, address, nonce);
CREATE INDEX chain_alarms_org ON chain_alarms (org_id, id DESC);

-- How far an account's transactions are accounted for: every nonce below is final and known, or has its alarm.
CREATE TABLE chain_reconciled (
  network    TEXT NOT NULL,
  address    TEXT NOT NULL,
  next_nonce BIGINT NOT NULL,
  checked_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (network, address)
);
