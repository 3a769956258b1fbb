-- The history of all wallets of an organisation is read by time.
CREATE INDEX wallet_transfers_org ON wallet_transfers (org_id, block_time DESC, id DESC);
