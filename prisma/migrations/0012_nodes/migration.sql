-- What somebody who connected under a node's number showed instead of the certificate in force: what the console offers to put in force.
ALTER TABLE signer_nodes ADD COLUMN claimed JSONB;
