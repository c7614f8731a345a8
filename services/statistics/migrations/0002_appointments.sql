-- Statistics: what was heard of appointments and overtime, the newest of each.
-- depends: 0001_facts

-- One row an appointment: its state after the event with the highest sequence. The business date is that of its slot;
-- one that waits for a place has none. `lead_s` is from booking to the slot's start.
CREATE TABLE appointment_facts (
    hall text NOT NULL,
    appointment text NOT NULL,
    sequence bigint NOT NULL,
    business_date date,
    department text NOT NULL,
    item text NOT NULL,
    channel text NOT NULL,
    state text NOT NULL,
    booked_at timestamptz,
    lead_s integer,
    PRIMARY KEY (hall, appointment),
    CHECK (booked_at IS NULL OR business_date IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX appointments_of_a_date ON appointment_facts (hall, business_date) WHERE booked_at IS NOT NULL;

-- One row a stretch of overtime that was recorded for a member of the staff.
CREATE TABLE overtime_facts (
    hall text NOT NULL,
    overtime text NOT NULL,
    sequence bigint NOT NULL,
    business_date date NOT NULL,
    department text NOT NULL,
    staff text NOT NULL,
    minutes integer NOT NULL CHECK (minutes >= 0),
    PRIMARY KEY (hall, overtime)
) WITH (fillfactor = 70);
CREATE INDEX overtime_of_a_date ON overtime_facts (hall, business_date);
