-- One trail of what the staff do in all services, each entry chained to the one before by its hash.
-- depends: 0003_attempts_by_pair

ALTER TABLE audit
    ADD COLUMN service    text NOT NULL DEFAULT 'identity',
    ADD COLUMN roles      text[] NOT NULL DEFAULT '{}',
    ADD COLUMN department text,
    -- On what it was done, and why.
    ADD COLUMN subject    text,
    ADD COLUMN reason     text,
    ADD COLUMN before     json,
    ADD COLUMN after      json,
    -- The place in the chain and its link (services/identity/domain/chain.py); entries from before it have none.
    ADD COLUMN number     bigint,
    ADD COLUMN link       text,
    ADD CONSTRAINT audit_linked CHECK ((number IS NULL) = (link IS NULL));

CREATE UNIQUE INDEX audit_numbers ON audit (number, hall);
CREATE INDEX audit_by_doer ON audit (by, id DESC, hall);
CREATE INDEX audit_by_action ON audit (action, id DESC, hall);
CREATE INDEX audit_by_subject ON audit (subject, id DESC, hall);
CREATE INDEX audit_by_time ON audit (at, hall);

-- The end of each hall's chain; whoever adds to it holds this row.
CREATE TABLE audit_heads (
    hall   text PRIMARY KEY,
    number bigint NOT NULL,
    link   text NOT NULL
);
