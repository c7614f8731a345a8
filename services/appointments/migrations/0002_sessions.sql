-- Extended sessions, who is at their windows, and the ledger of overtime.
-- depends: 0001_appointments

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE windows (
    hall text NOT NULL, code text NOT NULL,
    department text NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- What ticketing said of its windows, in whatever order it came: a sign-in has no `until`, a sign-out has both ends.
CREATE TABLE signings (
    hall text NOT NULL, "window" text NOT NULL, sequence bigint NOT NULL,
    clerk text NOT NULL,
    since timestamptz NOT NULL, until timestamptz CHECK (until >= since),
    PRIMARY KEY (hall, "window", sequence)
);
CREATE INDEX signings_by_time ON signings (hall, "window", since);

-- Extended sessions and their states:
--   planned -> open | cancelled
--   open    -> closed
CREATE TABLE sessions (
    hall text NOT NULL, id uuid NOT NULL,
    department text NOT NULL,
    windows text[] NOT NULL CHECK (cardinality(windows) > 0),
    staff text[] NOT NULL CHECK (cardinality(staff) > 0),
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    state text NOT NULL CHECK (state IN ('planned', 'open', 'closed', 'cancelled')),
    opened_at timestamptz, closed_at timestamptz CHECK (closed_at >= opened_at),
    -- The opening hours that its overtime was counted against, kept at the close.
    regular jsonb,
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, id),
    CHECK ((opened_at IS NOT NULL) = (state IN ('open', 'closed'))),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed') AND (regular IS NOT NULL) = (state = 'closed')),
    CONSTRAINT sessions_of_a_department_do_not_overlap EXCLUDE USING gist (
        hall WITH =, department WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (state IN ('planned', 'open'))
);
CREATE UNIQUE INDEX one_open_session_of_a_department ON sessions (hall, department) WHERE state = 'open';
CREATE INDEX sessions_to_come ON sessions (hall, starts_at) WHERE state IN ('planned', 'open');
CREATE INDEX sessions_by_start ON sessions (hall, starts_at);
CREATE INDEX sessions_by_close ON sessions (hall, closed_at) WHERE state = 'closed';

CREATE TABLE session_states (
    hall text NOT NULL, session uuid NOT NULL, version integer NOT NULL,
    state text NOT NULL,
    by text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, session, version),
    FOREIGN KEY (hall, session) REFERENCES sessions (hall, id)
);
CREATE UNIQUE INDEX one_open_session_state ON session_states (hall, session) WHERE left_at IS NULL;

-- The ledger of overtime, one id for each person, session and business date. Only ever added to: a correction is a
-- further row of the same id.
CREATE TABLE overtime (
    hall text NOT NULL, id uuid NOT NULL, sequence integer NOT NULL CHECK (sequence > 0),
    session uuid NOT NULL,
    staff text NOT NULL,
    department text NOT NULL,
    business_date date NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL CHECK (ends_at >= starts_at),
    minutes integer NOT NULL CHECK (minutes >= 0 AND minutes * interval '1 minute' <= ends_at - starts_at),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (hall, id, sequence),
    UNIQUE (hall, session, staff, business_date, sequence),
    FOREIGN KEY (hall, session) REFERENCES sessions (hall, id)
);
CREATE INDEX overtime_by_date ON overtime (hall, business_date);
CREATE TRIGGER overtime_is_kept BEFORE UPDATE OR DELETE ON overtime
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What the service reads of them.
CREATE VIEW session_rows AS
SELECT hall, id, department, windows, staff, starts_at, ends_at, state, opened_at, closed_at, regular, version
FROM sessions;
CREATE VIEW overtime_rows AS
SELECT hall, id, session, staff, department, business_date, starts_at, ends_at, minutes, sequence
FROM overtime;
