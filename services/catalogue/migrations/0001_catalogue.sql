-- What the hall offers, where, and when it is open.
-- depends: 0001_bus

CREATE TABLE halls (
    hall          text PRIMARY KEY,
    name          text NOT NULL,
    name_en       text NOT NULL,
    time_zone     text NOT NULL,
    hours_version integer NOT NULL DEFAULT 0
);

CREATE TABLE departments (
    hall                  text NOT NULL REFERENCES halls,
    code                  text NOT NULL,
    name                  text NOT NULL,
    name_en               text NOT NULL,
    offers_three_services boolean NOT NULL,
    position              integer NOT NULL,
    version               integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, code)
);

CREATE TABLE zones (
    hall     text NOT NULL REFERENCES halls,
    code     text NOT NULL,
    name     text NOT NULL,
    name_en  text NOT NULL,
    position integer NOT NULL,
    version  integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, code)
);

CREATE TABLE chains (
    hall     text NOT NULL REFERENCES halls,
    code     text NOT NULL,
    name     text NOT NULL,
    name_en  text NOT NULL,
    position integer NOT NULL,
    version  integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, code)
);

CREATE TABLE queues (
    hall             text NOT NULL,
    code             text NOT NULL,
    prefix           text NOT NULL,
    name             text NOT NULL,
    name_en          text NOT NULL,
    department       text NOT NULL,
    zone             text NOT NULL,
    max_wait_s       integer NOT NULL CHECK (max_wait_s > 0),
    priority_rate    double precision NOT NULL CHECK (priority_rate > 0),
    appointment_rate double precision NOT NULL CHECK (appointment_rate > 0),
    walk_in_rate     double precision NOT NULL CHECK (walk_in_rate > 0),
    position         integer NOT NULL,
    version          integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, code),
    -- Deferred, so that two queues can swap their letters in one load.
    UNIQUE (hall, prefix) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (hall, department) REFERENCES departments,
    FOREIGN KEY (hall, zone) REFERENCES zones
);

CREATE TABLE windows (
    hall       text NOT NULL,
    code       text NOT NULL,
    name       text NOT NULL,
    name_en    text NOT NULL,
    department text NOT NULL,
    zone       text NOT NULL,
    position   integer NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, code),
    FOREIGN KEY (hall, department) REFERENCES departments,
    FOREIGN KEY (hall, zone) REFERENCES zones
);

-- The work profile of a window: the queues it may call from, in order.
CREATE TABLE window_queues (
    hall        text NOT NULL,
    window_code text NOT NULL,
    place       integer NOT NULL,
    queue       text NOT NULL,
    PRIMARY KEY (hall, window_code, place),
    UNIQUE (hall, window_code, queue),
    FOREIGN KEY (hall, window_code) REFERENCES windows,
    FOREIGN KEY (hall, queue) REFERENCES queues
);

-- Items as they are today; item_revisions says how they came to be so.
-- State: announced -> active -> withdrawn -> active (only when a hall's tables offer the item again).
CREATE TABLE items (
    hall            text NOT NULL,
    code            text NOT NULL,
    state           text NOT NULL CHECK (state IN ('announced', 'active', 'withdrawn')),
    revision        integer NOT NULL CHECK (revision > 0),
    effective_from  date NOT NULL,
    name            text NOT NULL,
    name_en         text NOT NULL,
    department      text NOT NULL,
    queue           text NOT NULL,
    kind            text NOT NULL
        CHECK (kind IN ('administrative_licence', 'non_licence_approval', 'public_service')),
    time_limit_days integer NOT NULL CHECK (time_limit_days >= 0),
    service_seconds integer NOT NULL CHECK (service_seconds > 0),
    chains          text[] NOT NULL,
    guide           text NOT NULL,
    guide_en        text NOT NULL,
    materials       text[] NOT NULL,
    -- Normal forms for the search.
    search_name     text NOT NULL,
    search_name_en  text NOT NULL,
    pinyin          text NOT NULL,
    initials        text NOT NULL,
    -- How often the item was published; 0 while it is only announced.
    version         integer NOT NULL DEFAULT 0 CHECK (version >= 0),
    -- The day on which the next announced revision takes effect.
    next_change_on  date,
    -- Mark of the row of the hall's tables that was loaded last; NULL for an item that is not from there.
    loaded          text,
    PRIMARY KEY (hall, code),
    CHECK ((state = 'announced') = (version = 0)),
    FOREIGN KEY (hall, department) REFERENCES departments,
    FOREIGN KEY (hall, queue) REFERENCES queues
);
CREATE INDEX items_next_change ON items (hall, next_change_on) WHERE next_change_on IS NOT NULL;

CREATE TABLE item_revisions (
    hall           text NOT NULL,
    item           text NOT NULL,
    revision       integer NOT NULL CHECK (revision > 0),
    action         text NOT NULL CHECK (action IN ('added', 'adjusted', 'withdrawn')),
    effective_from date NOT NULL,
    recorded_at    timestamptz NOT NULL,
    recorded_by    text,
    reason         text,
    -- The new values by field, and what they were before.
    changes        json NOT NULL,
    before         json NOT NULL,
    position       bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (hall, item, revision),
    FOREIGN KEY (hall, item) REFERENCES items
);
CREATE INDEX item_revisions_by_day ON item_revisions (hall, effective_from DESC, position DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER item_revisions_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON item_revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE opening_hours (
    hall         text NOT NULL REFERENCES halls,
    -- '' stands for the whole hall.
    department   text NOT NULL,
    weekday      integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    opens        time NOT NULL,
    closes       time NOT NULL CHECK (closes > opens),
    break_starts time,
    break_ends   time,
    PRIMARY KEY (hall, department, weekday),
    CHECK ((break_starts IS NULL) = (break_ends IS NULL)),
    CHECK (opens < break_starts AND break_starts < break_ends AND break_ends < closes)
);

CREATE TABLE calendar_years (
    hall    text NOT NULL REFERENCES halls,
    year    integer NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, year)
);

-- Days that differ from the plain rule that Monday to Friday are working days.
CREATE TABLE calendar_days (
    hall    text NOT NULL,
    day     date NOT NULL,
    year    integer NOT NULL CHECK (year = extract(year FROM day)),
    working boolean NOT NULL,
    name    text NOT NULL,
    PRIMARY KEY (hall, day),
    FOREIGN KEY (hall, year) REFERENCES calendar_years
);
