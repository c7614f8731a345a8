-- Appointments: `hall` stands last in the indexes of the tables that grow.
-- depends: 0002_sessions

-- Why: see ticketing's 0005_hall_last.

ALTER TABLE appointments DROP CONSTRAINT appointments_hall_slot_fkey;
ALTER TABLE appointment_states DROP CONSTRAINT appointment_states_hall_appointment_fkey;
ALTER TABLE withheld_places DROP CONSTRAINT withheld_places_hall_slot_fkey;

ALTER TABLE slots
    DROP CONSTRAINT slots_hall_plan_starts_at_key,
    DROP CONSTRAINT slots_pkey,
    ADD UNIQUE (plan, starts_at, hall),
    ADD PRIMARY KEY (id, hall);
DROP INDEX slots_of_a_department;
CREATE INDEX slots_of_a_department ON slots (department, starts_at, hall);

ALTER TABLE appointments
    DROP CONSTRAINT appointments_hall_reference_key,
    DROP CONSTRAINT appointments_pkey,
    ADD UNIQUE (reference, hall),
    ADD PRIMARY KEY (id, hall);
DROP INDEX appointments_not_erased, appointments_of_a_day, appointments_of_a_person, appointments_of_a_slot,
    appointments_that_end, waitlist, one_live_per_item_and_day;
CREATE INDEX appointments_not_erased ON appointments (coalesce(day, wanted_to), hall) WHERE erased_at IS NULL;
CREATE INDEX appointments_of_a_day ON appointments (day, created_at, hall);
CREATE INDEX appointments_of_a_person ON appointments (phone_hash, created_at, hall);
CREATE INDEX appointments_of_a_slot ON appointments (slot, hall);
CREATE INDEX appointments_that_end ON appointments (until, hall) WHERE until IS NOT NULL;
CREATE INDEX waitlist ON appointments (department, created_at, hall) WHERE state = 'waitlisted';
CREATE UNIQUE INDEX one_live_per_item_and_day ON appointments (phone_hash, item, day, hall)
    WHERE state IN ('held', 'booked', 'offered', 'checked_in');

ALTER TABLE appointment_states DROP CONSTRAINT appointment_states_pkey, ADD PRIMARY KEY (appointment, version, hall);
DROP INDEX one_open_appointment_state;
CREATE UNIQUE INDEX one_open_appointment_state ON appointment_states (appointment, hall) WHERE left_at IS NULL;

ALTER TABLE withheld_places DROP CONSTRAINT withheld_places_pkey, ADD PRIMARY KEY (id, hall);
DROP INDEX withheld_places_due, withheld_places_of_a_slot;
CREATE INDEX withheld_places_due ON withheld_places (release_at, hall);
CREATE INDEX withheld_places_of_a_slot ON withheld_places (slot, hall);

ALTER TABLE appointments ADD FOREIGN KEY (hall, slot) REFERENCES slots (hall, id);
ALTER TABLE appointment_states ADD FOREIGN KEY (hall, appointment) REFERENCES appointments (hall, id);
ALTER TABLE withheld_places ADD FOREIGN KEY (hall, slot) REFERENCES slots (hall, id);
