-- Identity: which state of an account is the newer one, for those who hear of it.
-- depends: 0001_identity

ALTER TABLE accounts ADD COLUMN version integer NOT NULL DEFAULT 1;
