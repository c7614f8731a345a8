-- Ticketing: how many other numbers of a queue were taken with the phone that was left with a ticket.
-- depends: 0011_where_it_was_called

-- The hash is only compared, and goes with the phone.
ALTER TABLE contacts ADD COLUMN phone_hash text;
ALTER TABLE contacts ADD CHECK (phone_hash IS NULL OR phone_sealed IS NOT NULL);
CREATE INDEX contacts_of_a_phone ON contacts (phone_hash, hall) WHERE phone_hash IS NOT NULL;

-- As of the moment when the phone was left.
ALTER TABLE tickets ADD COLUMN same_phone integer NOT NULL DEFAULT 0 CHECK (same_phone >= 0);
