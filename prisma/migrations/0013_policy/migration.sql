-- Sums of the requests of a wallet that stand until an entry frees them, by minute, hour and day of UTC: a spending window is read from
-- these and the single requests of its edge, never by summing history. Same arithmetic as lib/ledger/window-log.ts; the differential
-- test compares both.
CREATE TABLE window_totals (
  org_id    TEXT NOT NULL,
  wallet_id TEXT NOT NULL,
  -- Width in minutes, and which one since 1970.
  width     INTEGER NOT NULL,
  bucket    BIGINT NOT NULL,
  count     BIGINT NOT NULL,
  usd       NUMERIC NOT NULL,
  -- Requests whose value is not known.
  unknown   BIGINT NOT NULL,
  PRIMARY KEY (org_id, wallet_id, width, bucket),
  CONSTRAINT window_totals_sane CHECK (count >= 0 AND usd >= 0 AND unknown >= 0 AND unknown <= count)
);

CREATE FUNCTION window_time(record JSONB) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT coalesce(record->>'settledAt', record->>'at')::bigint $$;
CREATE FUNCTION window_stands(record JSONB) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT (record->>'counts')::boolean AND NOT record ? 'pendingUntil' $$;

CREATE FUNCTION window_totals_add(org TEXT, record JSONB) RETURNS VOID LANGUAGE sql AS $$
  INSERT INTO window_totals AS t (org_id, wallet_id, width, bucket, count, usd, unknown)
  SELECT org, record->>'walletId', width, floor(window_time(record) / (width * 60000.0))::bigint, 1,
    coalesce(record->>'usd', '0')::numeric, (NOT record ? 'usd')::integer
  FROM unnest(ARRAY[1, 60, 1440]) AS width
  ON CONFLICT (org_id, wallet_id, width, bucket) DO UPDATE SET
    count = t.count + excluded.count, usd = t.usd + excluded.usd, unknown = t.unknown + excluded.unknown
$$;

CREATE FUNCTION window_totals_follow() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND window_stands(OLD.record) THEN
    UPDATE window_totals t SET count = t.count - 1, usd = t.usd - coalesce(OLD.record->>'usd', '0')::numeric,
      unknown = t.unknown - (NOT OLD.record ? 'usd')::integer
    FROM unnest(ARRAY[1, 60, 1440]) AS w
    WHERE t.org_id = OLD.org_id AND t.wallet_id = OLD.record->>'walletId' AND t.width = w
      AND t.bucket = floor(window_time(OLD.record) / (w * 60000.0))::bigint;
  END IF;
  IF window_stands(NEW.record) THEN
    PERFORM window_totals_add(NEW.org_id, NEW.record);
  END IF;
  RETURN NULL;
END
$$;

SELECT window_totals_add(org_id, record) FROM ledger_records WHERE kind = 'window' AND window_stands(record);
CREATE TRIGGER window_totals_insert AFTER INSERT ON ledger_records FOR EACH ROW
  WHEN (NEW.kind = 'window') EXECUTE FUNCTION window_totals_follow();
-- What a request is worth never changes.
CREATE TRIGGER window_totals_update AFTER UPDATE ON ledger_records FOR EACH ROW
  WHEN (NEW.kind = 'window' AND (window_time(OLD.record) <> window_time(NEW.record)
    OR window_stands(OLD.record) <> window_stands(NEW.record))) EXECUTE FUNCTION window_totals_follow();

-- The edge of a window, and requests that may run out by time alone.
CREATE INDEX ledger_records_window_time ON ledger_records (org_id, (record->>'walletId'), window_time(record)) WHERE kind = 'window';
CREATE INDEX ledger_records_window_until ON ledger_records (org_id, (record->>'walletId'), ordinal)
  WHERE kind = 'window' AND record ? 'pendingUntil' AND (record->>'counts')::boolean;
