-- Quality: commendations, assessment of departments, meetings of window heads.
-- depends: 0001_bus

-- A copy of what the catalogue publishes. `sequence` is the version of the copied record.
CREATE TABLE departments (
    hall text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_en text,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- Thank-you letters, banners and plaques that departments received. `note` holds no personal data. One that was
-- withdrawn is counted no more. Each change keeps what stood there before it, and why.
CREATE TABLE commendations (
    hall text NOT NULL,
    id uuid NOT NULL,
    department text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('letter', 'banner', 'plaque')),
    received_on date NOT NULL,
    note text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    withdrawn_at timestamptz,
    PRIMARY KEY (hall, id)
);
CREATE INDEX commendations_of_a_date ON commendations (hall, received_on);
CREATE TABLE commendation_changes (
    hall text NOT NULL,
    commendation uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    department text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('letter', 'banner', 'plaque')),
    received_on date NOT NULL,
    note text NOT NULL,
    reason text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (hall, commendation, version),
    FOREIGN KEY (hall, commendation) REFERENCES commendations (hall, id)
);

-- Of each commendation that a file brought the newest that was heard: taken in or taken back.
CREATE TABLE imported_commendations (
    hall text NOT NULL,
    commendation uuid NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, commendation)
);

-- What the assessment gives points for: `points` for each unit of the measure past `above`, no more than `cap` either
-- way. A quarter goes by the newest row of a code that is valid on its last day.
CREATE TABLE assessment_rules (
    hall text NOT NULL,
    code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    name text NOT NULL, name_en text NOT NULL,
    measure text NOT NULL,
    points numeric NOT NULL CHECK (points <> 0),
    above numeric NOT NULL CHECK (above >= 0),
    cap numeric CHECK (cap > 0),
    PRIMARY KEY (hall, code, valid_from)
);
-- Points that are given for something done: innovation, coordination, work on IT.
CREATE TABLE awards (
    hall text NOT NULL, id uuid NOT NULL,
    department text NOT NULL,
    rule text NOT NULL,
    awarded_on date NOT NULL,
    reason text NOT NULL,
    recorded_by text NOT NULL, recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz, withdrawn_by text, withdrawal text,
    PRIMARY KEY (hall, id),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND (withdrawn_at IS NULL) = (withdrawal IS NULL))
);
CREATE INDEX awards_of_a_date ON awards (hall, awarded_on);
-- Rankings of quarters that are fixed; a quarter without a row is worked out anew each time.
CREATE TABLE assessments (
    hall text NOT NULL,
    period text NOT NULL CHECK (period ~ '^\d{4}-Q[1-4]$'),
    content json NOT NULL,
    published_by text NOT NULL, published_at timestamptz NOT NULL,
    PRIMARY KEY (hall, period)
);

-- Meetings of window heads: one a quarter, with the figures as they were when it was called.
CREATE TABLE meetings (
    hall text NOT NULL, id uuid NOT NULL,
    quarter text NOT NULL CHECK (quarter ~ '^\d{4}-Q[1-4]$'),
    held_on date NOT NULL,
    agenda json NOT NULL,
    minutes text,
    version integer NOT NULL CHECK (version > 0),
    called_by text NOT NULL, called_at timestamptz NOT NULL,
    PRIMARY KEY (hall, id),
    UNIQUE (hall, quarter)
);
-- What was agreed there, and its states: open -> done | dropped.
CREATE TABLE meeting_actions (
    hall text NOT NULL, id uuid NOT NULL,
    meeting uuid NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal > 0),
    task text NOT NULL,
    department text NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    result text,
    settled_by text, settled_at timestamptz,
    PRIMARY KEY (hall, id),
    UNIQUE (hall, meeting, ordinal),
    FOREIGN KEY (hall, meeting) REFERENCES meetings (hall, id),
    CHECK ((state = 'open') = (settled_at IS NULL) AND (settled_at IS NULL) = (result IS NULL))
);
CREATE INDEX open_actions ON meeting_actions (hall, due_on) WHERE state = 'open';
