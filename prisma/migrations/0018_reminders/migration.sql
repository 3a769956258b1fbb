-- When approvers are reminded: `{"everyMinutes", "atMost"}`; absent is once a day, three times.
ALTER TABLE organisations ADD COLUMN reminders JSONB;

-- What approvers of a pending approval were told after they were asked.
CREATE TABLE approval_reminders (
  org_id      TEXT NOT NULL,
  approval_id TEXT NOT NULL,
  sent        INTEGER NOT NULL DEFAULT 0,
  sent_at     TIMESTAMPTZ(3),
  -- Escalations up to this time, unix milliseconds, are told.
  told_until  BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT approval_reminders_pkey PRIMARY KEY (org_id, approval_id)
);

-- What waits for anybody at all, however much was decided before.
CREATE INDEX ledger_records_pending_approvals ON ledger_records (org_id, ordinal DESC) WHERE kind = 'approval' AND record->>'status' = 'Pending';
CREATE INDEX ledger_records_approved ON ledger_records (org_id, ordinal DESC) WHERE kind = 'activity' AND record->>'status' = 'Approved';
CREATE INDEX ledger_records_initiator ON ledger_records (org_id, (record->>'initiatorId'), ordinal DESC) WHERE kind = 'approval';
