-- Appointments: copies of the catalogue, slot plans, slots, appointments and their history.
-- depends: 0001_bus

-- Copies of what others publish. `sequence` is the version of the copied record.

CREATE TABLE departments (
    hall text NOT NULL, code text NOT NULL,
    offers_three_services boolean NOT NULL, sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

CREATE TABLE items (
    hall text NOT NULL, code text NOT NULL,
    department text NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'withdrawn')),
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

CREATE TABLE hours (
    hall text NOT NULL PRIMARY KEY,
    rows jsonb NOT NULL,
    sequence bigint NOT NULL
);

CREATE TABLE calendar_years (
    hall text NOT NULL, year integer NOT NULL,
    days jsonb NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, year)
);

-- Weekly plans. `made_to` is the last day with slots; none when they are to be made anew.
CREATE TABLE slot_plans (
    hall text NOT NULL, code text NOT NULL,
    department text NOT NULL,
    items text[] NOT NULL,
    weekdays integer[] NOT NULL CHECK (weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7] AND cardinality(weekdays) > 0),
    starts time NOT NULL, ends time NOT NULL CHECK (ends > starts),
    slot_minutes integer NOT NULL CHECK (slot_minutes > 0),
    capacity integer NOT NULL CHECK (capacity > 0),
    web_quota integer NOT NULL CHECK (web_quota >= 0),
    phone_quota integer NOT NULL CHECK (phone_quota >= 0),
    window_quota integer NOT NULL CHECK (window_quota >= 0),
    valid_from date NOT NULL, valid_to date CHECK (valid_to >= valid_from),
    made_to date,
    PRIMARY KEY (hall, code),
    CHECK (web_quota + phone_quota + window_quota <= capacity)
);

-- Places of a slot. A channel takes from its own quota first, what goes beyond it comes from the shared remainder.
CREATE TABLE slots (
    hall text NOT NULL, id uuid NOT NULL,
    plan text NOT NULL,
    department text NOT NULL,
    items text[] NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    capacity integer NOT NULL CHECK (capacity >= 0),
    web_quota integer NOT NULL CHECK (web_quota >= 0),
    phone_quota integer NOT NULL CHECK (phone_quota >= 0),
    window_quota integer NOT NULL CHECK (window_quota >= 0),
    web_booked integer NOT NULL DEFAULT 0 CHECK (web_booked >= 0),
    phone_booked integer NOT NULL DEFAULT 0 CHECK (phone_booked >= 0),
    window_booked integer NOT NULL DEFAULT 0 CHECK (window_booked >= 0),
    web_withheld integer NOT NULL DEFAULT 0 CHECK (web_withheld >= 0),
    phone_withheld integer NOT NULL DEFAULT 0 CHECK (phone_withheld >= 0),
    window_withheld integer NOT NULL DEFAULT 0 CHECK (window_withheld >= 0),
    PRIMARY KEY (hall, id),
    UNIQUE (hall, plan, starts_at),
    FOREIGN KEY (hall, plan) REFERENCES slot_plans (hall, code),
    CONSTRAINT booked_within_capacity CHECK (
        web_booked + phone_booked + window_booked + web_withheld + phone_withheld + window_withheld <= capacity),
    CONSTRAINT booked_within_quotas CHECK (
        greatest(web_booked + web_withheld, web_quota) + greatest(phone_booked + phone_withheld, phone_quota)
        + greatest(window_booked + window_withheld, window_quota) <= capacity)
) WITH (fillfactor = 70);
CREATE INDEX slots_of_a_department ON slots (hall, department, starts_at);

-- What the service reads of slots and of plans. A column that is added later comes into a new view: the answer of a
-- prepared query must not change while older code runs.
CREATE VIEW plan_rows AS
SELECT hall, code, department, items, weekdays, starts, ends, slot_minutes, capacity, web_quota, phone_quota,
    window_quota, valid_from, valid_to
FROM slot_plans;
CREATE VIEW slot_rows AS
SELECT hall, id, plan, department, items, starts_at, ends_at, capacity, web_quota, phone_quota, window_quota,
    web_booked, phone_booked, window_booked, web_withheld, phone_withheld, window_withheld
FROM slots;

-- Whether a slot has a place for a channel, from its quota or the shared ones: whether the CHECK would hold after it.
CREATE FUNCTION has_place(slot_rows, channel text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN greatest($1.web_booked + $1.web_withheld + (channel = 'web')::int, $1.web_quota)
    + greatest($1.phone_booked + $1.phone_withheld + (channel = 'phone')::int, $1.phone_quota)
    + greatest($1.window_booked + $1.window_withheld + (channel = 'window')::int, $1.window_quota) <= $1.capacity;

-- Appointments and their states:
--   held       -> booked | lapsed
--   booked     -> checked_in | cancelled | rescheduled | no_show | displaced
--   checked_in -> fulfilled
--   waitlisted -> offered
--   offered    -> booked | lapsed
CREATE TABLE appointments (
    hall text NOT NULL, id uuid NOT NULL,
    reference text NOT NULL CHECK (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
    state text NOT NULL CHECK (state IN ('held', 'booked', 'checked_in', 'fulfilled', 'lapsed', 'cancelled',
        'rescheduled', 'no_show', 'displaced', 'waitlisted', 'offered')),
    item text NOT NULL,
    department text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('web', 'phone', 'window')),
    slot uuid,
    starts_at timestamptz, ends_at timestamptz,
    day date,
    until timestamptz,
    wanted_from date, wanted_to date CHECK (wanted_to >= wanted_from),
    booked_at timestamptz,
    rescheduled_from uuid, rescheduled_to uuid,
    -- When the person came to check in; what their ticket is asked for with stays the same from then on.
    arrived_at timestamptz,
    ticket jsonb,
    warning text,
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    -- The person; all of it is gone once it is erased.
    phone_hash text,
    name_sealed text, phone_sealed text,
    name_masked text, phone_masked text,
    erased_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, id),
    UNIQUE (hall, reference),
    FOREIGN KEY (hall, slot) REFERENCES slots (hall, id),
    CHECK ((state IN ('held', 'offered')) = (until IS NOT NULL)),
    CHECK ((slot IS NULL) = (state = 'waitlisted')),
    CHECK ((slot IS NULL) = (starts_at IS NULL) AND (slot IS NULL) = (ends_at IS NULL) AND (slot IS NULL) = (day IS NULL)),
    CHECK (state <> 'waitlisted' OR wanted_from IS NOT NULL),
    CHECK ((erased_at IS NULL) = (phone_hash IS NOT NULL)),
    CHECK (num_nulls(phone_hash, name_sealed, phone_sealed, name_masked, phone_masked) IN (0, 5))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX one_live_per_item_and_day ON appointments (hall, phone_hash, item, day)
    WHERE state IN ('held', 'booked', 'offered', 'checked_in');
CREATE INDEX appointments_of_a_person ON appointments (hall, phone_hash, created_at);
CREATE INDEX appointments_of_a_slot ON appointments (hall, slot);
CREATE INDEX appointments_of_a_day ON appointments (hall, day, created_at);
CREATE INDEX appointments_that_end ON appointments (hall, until) WHERE until IS NOT NULL;
CREATE INDEX waitlist ON appointments (hall, department, created_at) WHERE state = 'waitlisted';
CREATE INDEX appointments_sealed ON appointments (split_part(phone_sealed, ':', 1)) WHERE phone_sealed IS NOT NULL;
CREATE INDEX appointments_not_erased ON appointments (hall, coalesce(day, wanted_to)) WHERE erased_at IS NULL;

-- What the service reads of appointments.
CREATE VIEW appointment_rows AS
SELECT hall, id, reference, state, item, department, channel, slot, starts_at, ends_at, day, until, wanted_from,
    wanted_to, booked_at, rescheduled_from, rescheduled_to, arrived_at, ticket, warning, created_at, version,
    phone_hash, name_sealed, phone_sealed, name_masked AS name, phone_masked AS phone, language
FROM appointments;

CREATE TABLE appointment_states (
    hall text NOT NULL, appointment uuid NOT NULL, version integer NOT NULL,
    state text NOT NULL,
    by text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, appointment, version),
    FOREIGN KEY (hall, appointment) REFERENCES appointments (hall, id)
);
CREATE UNIQUE INDEX one_open_appointment_state ON appointment_states (hall, appointment) WHERE left_at IS NULL;

-- Cancelled places on their way back: each is free again at a random moment.
CREATE TABLE withheld_places (
    hall text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    slot uuid NOT NULL,
    channel text NOT NULL,
    release_at timestamptz NOT NULL,
    PRIMARY KEY (hall, id),
    FOREIGN KEY (hall, slot) REFERENCES slots (hall, id)
);
CREATE INDEX withheld_places_due ON withheld_places (hall, release_at);
CREATE INDEX withheld_places_of_a_slot ON withheld_places (hall, slot);

-- Who saw whose name and number, when and why. Only ever added to.
CREATE TABLE personal_accesses (
    hall text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    appointment uuid NOT NULL,
    by text, roles text[] NOT NULL,
    purpose text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$;
CREATE TRIGGER personal_accesses_are_kept BEFORE UPDATE OR DELETE ON personal_accesses
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
