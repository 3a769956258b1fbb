-- How far each chain was read for what moves into and out of our wallets.
CREATE TABLE chain_followed (
  network     TEXT PRIMARY KEY,
  next_block  BIGINT NOT NULL,
  followed_at TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp()
);

-- Confirmed transfers of the native coin and of tokens, one row for each wallet of ours that they touch.
CREATE TABLE wallet_transfers (
  id           BIGSERIAL PRIMARY KEY,
  org_id       TEXT NOT NULL,
  wallet_id    TEXT NOT NULL,
  direction    TEXT NOT NULL,
  network      TEXT NOT NULL,
  tx_hash      TEXT NOT NULL,
  -- Index of the token's log in its block; -1 for the native coin.
  place        INTEGER NOT NULL,
  -- Of a token; absent for the native coin.
  contract     TEXT,
  from_address TEXT NOT NULL,
  to_address   TEXT NOT NULL,
  amount       NUMERIC(78,0) NOT NULL,
  fee          NUMERIC(78,0),
  decimals     INTEGER,
  symbol       TEXT,
  block_number BIGINT NOT NULL,
  block_time   TIMESTAMPTZ(3) NOT NULL,
  -- Policies on what comes in have been asked, where there are any.
  is_judged    BOOLEAN NOT NULL DEFAULT FALSE,
  noticed_at   TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT wallet_transfers_direction CHECK (direction IN ('In', 'Out'))
);
CREATE UNIQUE INDEX wallet_transfers_once ON wallet_transfers (wallet_id, direction, tx_hash, place);
CREATE INDEX wallet_transfers_wallet ON wallet_transfers (org_id, wallet_id, id DESC);
CREATE INDEX wallet_transfers_due ON wallet_transfers (id) WHERE direction = 'In' AND NOT is_judged;

-- Whose address it is that something moved to.
CREATE INDEX ledger_records_wallet_address ON ledger_records ((record->>'network'), lower(record->>'address')) WHERE kind = 'wallet';
