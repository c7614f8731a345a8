-- Notifications: what was told last of each on-site visit, so that a small change of it is not told again.
-- depends: 0002_onsite

-- `told` is null while the applicant waits for a visit to be planned.
ALTER TABLE orders ADD COLUMN told jsonb;
