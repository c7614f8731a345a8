-- Every new entry of the trail stands in the chain; one beside it would be shown and never verified.
-- depends: 0004_trail

-- NOT VALID: entries from before the chain have no number and stay.
ALTER TABLE audit ADD CONSTRAINT audit_chained CHECK (number IS NOT NULL AND number > 0) NOT VALID;
