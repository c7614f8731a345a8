-- A wish ends without ever having had a place: cancelled by its person, or displaced when its item is done on none of its
-- days any more.
--   waitlisted -> offered | cancelled | displaced
ALTER TABLE appointments DROP CONSTRAINT appointments_check2;
ALTER TABLE appointments ADD CONSTRAINT only_wishes_have_no_slot CHECK (
    CASE WHEN slot IS NULL THEN state IN ('waitlisted', 'cancelled', 'displaced') AND wanted_from IS NOT NULL
    ELSE state <> 'waitlisted' END) NOT VALID;
ALTER TABLE appointments VALIDATE CONSTRAINT only_wishes_have_no_slot;
