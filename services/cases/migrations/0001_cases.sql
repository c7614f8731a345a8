-- Cases: copies of the catalogue, numbers, cases and their history.
-- depends: 0001_bus

-- Copies of what the catalogue publishes. `sequence` is the version of the copied record.

CREATE TABLE items (
    hall text NOT NULL, code text NOT NULL,
    department text NOT NULL,
    time_limit_days integer NOT NULL CHECK (time_limit_days >= 0),
    state text NOT NULL CHECK (state IN ('active', 'withdrawn')),
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- The days of a year that break the week, in two arrays.
CREATE TABLE calendar_years (
    hall text NOT NULL, year integer NOT NULL,
    workdays date[] NOT NULL, holidays date[] NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, year)
);

-- The last number given in a year: numbers never come from COUNT or MAX.
CREATE TABLE case_years (
    hall text NOT NULL, year integer NOT NULL,
    last_serial integer NOT NULL CHECK (last_serial > 0),
    PRIMARY KEY (hall, year)
) WITH (fillfactor = 50);

-- Cases and their states:
--   received   -> accepted | rejected | correction
--   accepted   -> in_review | correction
--   correction -> received | accepted (whichever it was before) | rejected
--   in_review  -> decided
--   decided    -> delivered
CREATE TABLE cases (
    hall text NOT NULL,
    year integer NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    number text NOT NULL,
    item text NOT NULL,
    department text NOT NULL,
    state text NOT NULL CHECK (state IN
        ('received', 'accepted', 'rejected', 'correction', 'in_review', 'decided', 'delivered')),
    origin text NOT NULL CHECK (origin IN ('walk_in', 'phone', 'web', 'extended', 'on_site')),
    ticket text,
    "window" text,
    clerk text,
    applicant_ref text CHECK (length(applicant_ref) <= 64),
    -- The parent of a case that several departments approve together.
    joint_case text CHECK (length(joint_case) <= 64),
    business_date date NOT NULL,
    accepted_at timestamptz,
    due_on date,
    decided_at timestamptz CHECK (decided_at >= accepted_at),
    decided_on date,
    -- How many states it has entered.
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, number),
    UNIQUE (hall, year, serial),
    CHECK (number = year::text || '-' || lpad(serial::text, greatest(7, length(serial::text)), '0')),
    CHECK ((accepted_at IS NULL) = (due_on IS NULL)),
    CHECK (accepted_at IS NOT NULL OR state IN ('received', 'correction', 'rejected')),
    CHECK ((decided_at IS NULL) = (decided_on IS NULL)),
    CHECK ((decided_at IS NOT NULL) = (state IN ('decided', 'delivered'))),
    CHECK (due_on >= business_date)
) WITH (fillfactor = 80);
CREATE INDEX cases_of_a_ticket ON cases (hall, ticket);

CREATE TABLE case_states (
    hall text NOT NULL,
    number text NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    reason text,
    clerk text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, number, version),
    FOREIGN KEY (hall, number) REFERENCES cases (hall, number)
);
CREATE UNIQUE INDEX one_open_case_state ON case_states (hall, number) WHERE left_at IS NULL;
