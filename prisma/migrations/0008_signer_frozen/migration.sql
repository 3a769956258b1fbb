-- What a node's own machine has stopped: `{all, orgIds}`.
ALTER TABLE signer_nodes ADD COLUMN frozen JSONB NOT NULL DEFAULT '{"all":false,"orgIds":[]}';
