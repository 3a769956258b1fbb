-- What the policies said of a change, and what they said when they reopened a request, stands in its record from now on: of older records
-- their approvals tell it. A request's own approval began with it, those after that are of the times it was reopened.
UPDATE ledger_records AS r SET record = jsonb_set(r.record, '{evaluations}', a.record->'evaluations')
FROM ledger_records AS a
WHERE r.kind = 'changeRequest' AND NOT r.record ? 'evaluations'
  AND a.org_id = r.org_id AND a.kind = 'approval' AND a.id = r.record->>'approvalId';

UPDATE ledger_records AS r SET record = jsonb_set(r.record, '{rejudged}', later.told)
FROM (
  SELECT s.org_id, s.id, jsonb_agg(jsonb_build_object('at', a.record->'dateCreated', 'evaluations', a.record->'evaluations')
    ORDER BY a.ordinal) AS told
  FROM ledger_records AS a
  JOIN ledger_records AS s ON s.org_id = a.org_id AND s.kind = 'activity' AND s.id = a.record->'subject'->>'id'
  WHERE a.kind = 'approval' AND NOT s.record ? 'rejudged'
    AND (a.record->>'dateCreated')::bigint > (s.record->>'countedAt')::bigint
  GROUP BY s.org_id, s.id
) AS later
WHERE r.org_id = later.org_id AND r.kind = 'activity' AND r.id = later.id;
