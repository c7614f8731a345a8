-- Cases: joint approval of projects by several departments.
-- depends: 0003_hall_last

-- How a kind of project is approved. Joint cases copy it, so a change concerns those that are opened afterwards.
-- steps: [{"step", "item", "department", "after": [step]}], materials: [{"material", "name", "name_en", "needed_by": [step]}]
CREATE TABLE joint_procedures (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL, name_en text,
    lead text NOT NULL,
    preconditioned boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'withdrawn')),
    steps jsonb NOT NULL, materials jsonb NOT NULL,
    defined_at timestamptz NOT NULL, defined_by text,
    PRIMARY KEY (code, hall)
);

-- The last number given in a year, as for cases.
CREATE TABLE joint_years (
    hall text NOT NULL, year integer NOT NULL,
    last_serial integer NOT NULL CHECK (last_serial > 0),
    PRIMARY KEY (hall, year)
) WITH (fillfactor = 50);

CREATE TABLE joint_cases (
    hall text NOT NULL,
    year integer NOT NULL, serial integer NOT NULL CHECK (serial > 0),
    number text NOT NULL,
    procedure text NOT NULL,
    project text NOT NULL,
    applicant_ref text CHECK (length(applicant_ref) <= 64),
    lead text NOT NULL,
    preconditioned boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed', 'withdrawn')),
    opened_at timestamptz NOT NULL, opened_by text,
    ended_at timestamptz CHECK (ended_at >= opened_at), ended_by text,
    reason text,
    -- How many changes it has seen.
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (number, hall),
    UNIQUE (year, serial, hall),
    CHECK ((ended_at IS NULL) = (state = 'open')),
    CHECK ((reason IS NOT NULL) = (state = 'withdrawn'))
);

-- Steps and their states:
--   waiting   -> ready | committed
--   ready     -> under_way | committed
--   under_way -> closed | committed | ready (its case was rejected)
--   committed -> closed | ready (its case was rejected)
CREATE TABLE joint_steps (
    hall text NOT NULL, number text NOT NULL, step text NOT NULL,
    ordinal integer NOT NULL,
    item text NOT NULL, department text NOT NULL,
    after text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'ready', 'under_way', 'committed', 'closed')),
    "case" text,
    commitment text, fulfil_by date, committed_at timestamptz, committed_by text,
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (number, step, hall),
    UNIQUE (number, item, hall),
    FOREIGN KEY (number, hall) REFERENCES joint_cases (number, hall),
    CHECK (("case" IS NOT NULL) OR state NOT IN ('under_way', 'closed')),
    CHECK (commitment IS NOT NULL OR state <> 'committed'),
    CHECK ((commitment IS NULL) = (fulfil_by IS NULL) AND (commitment IS NULL) = (committed_at IS NULL))
);
CREATE UNIQUE INDEX one_step_a_case ON joint_steps ("case", hall) WHERE "case" IS NOT NULL;
CREATE INDEX joint_steps_of_a_department ON joint_steps (department, hall);

CREATE TABLE joint_step_states (
    hall text NOT NULL, number text NOT NULL, step text NOT NULL, version integer NOT NULL,
    state text NOT NULL,
    clerk text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (number, step, version, hall),
    FOREIGN KEY (number, step, hall) REFERENCES joint_steps (number, step, hall)
);
CREATE UNIQUE INDEX one_open_step_state ON joint_step_states (number, step, hall) WHERE left_at IS NULL;

-- Handed in once for all steps that need them.
CREATE TABLE joint_materials (
    hall text NOT NULL, number text NOT NULL, material text NOT NULL,
    ordinal integer NOT NULL,
    name text NOT NULL, name_en text,
    needed_by text[] NOT NULL,
    handed_in_at timestamptz, handed_in_by text, department text,
    reference text CHECK (length(reference) <= 64),
    PRIMARY KEY (number, material, hall),
    FOREIGN KEY (number, hall) REFERENCES joint_cases (number, hall)
);

-- What the lead or the manager wrote to the department of a step that does not get on.
CREATE TABLE joint_urgings (
    hall text NOT NULL, id uuid NOT NULL,
    number text NOT NULL, step text NOT NULL,
    text text NOT NULL,
    urged_at timestamptz NOT NULL, urged_by text,
    PRIMARY KEY (id, hall),
    FOREIGN KEY (number, step, hall) REFERENCES joint_steps (number, step, hall)
);
CREATE INDEX urgings_of_a_joint_case ON joint_urgings (number, hall);
