-- Dispatch: copies of the catalogue, on-site orders with their history, and crews.
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
    service_seconds integer NOT NULL CHECK (service_seconds > 0),
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

-- `shifts` maps ISO weekdays to [from, to].
CREATE TABLE crews (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL, name_en text,
    department text NOT NULL,
    members text[] NOT NULL CHECK (cardinality(members) > 0),
    least_members integer NOT NULL CHECK (least_members BETWEEN 1 AND cardinality(members)),
    departments text[] NOT NULL, items text[] NOT NULL,
    shifts jsonb NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    capacity integer NOT NULL CHECK (capacity > 0),
    days_off date[] NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, code),
    CHECK (cardinality(departments) + cardinality(items) > 0)
);

-- A member, or the whole crew, that is not there. Only ever added to.
CREATE TABLE crew_absences (
    hall text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    crew text NOT NULL,
    member text,
    first date NOT NULL, last date NOT NULL CHECK (last >= first),
    reason text,
    noted_at timestamptz NOT NULL,
    noted_by text,
    PRIMARY KEY (hall, id),
    FOREIGN KEY (hall, crew) REFERENCES crews (hall, code)
);
CREATE INDEX absences_of_a_crew ON crew_absences (hall, crew, last);

-- Orders and their states:
--   requested -> screened | cancelled (declined or called off)
--   screened  -> scheduled (has a place in a draft) | cancelled
--   scheduled -> assigned | screened (another time) | cancelled
--   assigned  -> en_route | assigned (another crew or time) | scheduled (no crew left) | screened | cancelled
--   en_route  -> on_site | failed_visit
--   on_site   -> done | failed_visit
CREATE TABLE orders (
    hall text NOT NULL, id uuid NOT NULL,
    reference text NOT NULL CHECK (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
    state text NOT NULL CHECK (state IN ('requested', 'screened', 'scheduled', 'assigned', 'en_route', 'on_site',
        'done', 'failed_visit', 'cancelled')),
    item text NOT NULL,
    department text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('web', 'phone')),
    window_from timestamptz NOT NULL, window_to timestamptz NOT NULL CHECK (window_to > window_from),
    day date NOT NULL,
    priority text NOT NULL CHECK (priority IN ('urgent', 'normal', 'low')),
    service_seconds integer NOT NULL CHECK (service_seconds > 0),
    crew text, plan uuid,
    arrives_at timestamptz, leaves_at timestamptz CHECK (leaves_at >= arrives_at),
    departed_at timestamptz,
    arrived_at timestamptz CHECK (arrived_at >= departed_at),
    ended_at timestamptz,
    reason text,
    cases text[] NOT NULL,
    -- The person; all of it is gone once it is erased.
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    phone_hash text,
    name_sealed text, phone_sealed text, address_sealed text,
    name_masked text, phone_masked text, address_masked text,
    lat double precision CHECK (lat BETWEEN -90 AND 90), lon double precision CHECK (lon BETWEEN -180 AND 180),
    erased_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    terms integer NOT NULL CHECK (terms > 0),
    PRIMARY KEY (hall, id),
    UNIQUE (hall, reference),
    FOREIGN KEY (hall, crew) REFERENCES crews (hall, code),
    CHECK ((state IN ('assigned', 'en_route', 'on_site', 'done', 'failed_visit')) = (crew IS NOT NULL)),
    CHECK (num_nulls(crew, plan, arrives_at, leaves_at) IN (0, 4)),
    CHECK ((state IN ('done', 'failed_visit', 'cancelled')) = (ended_at IS NOT NULL)),
    CHECK ((state IN ('en_route', 'on_site', 'done', 'failed_visit')) = (departed_at IS NOT NULL)),
    CHECK (arrived_at IS NOT NULL OR state NOT IN ('on_site', 'done')),
    CHECK (cases = '{}' OR state = 'done'),
    CHECK ((erased_at IS NULL) = (phone_hash IS NOT NULL)),
    CHECK (num_nulls(phone_hash, name_sealed, phone_sealed, address_sealed, name_masked, phone_masked, address_masked,
        lat, lon) IN (0, 9))
) WITH (fillfactor = 70);
-- A crew makes one visit at a time.
CREATE UNIQUE INDEX one_visit_a_crew ON orders (hall, crew) WHERE state IN ('en_route', 'on_site');
CREATE INDEX orders_of_a_person ON orders (hall, phone_hash, created_at);
CREATE INDEX orders_of_a_day ON orders (hall, day, created_at);
CREATE INDEX orders_listed ON orders (hall, created_at, id);
CREATE INDEX orders_of_a_crew ON orders (hall, crew, day);
CREATE INDEX orders_not_erased ON orders (hall, coalesce(ended_at, window_to)) WHERE erased_at IS NULL;

CREATE TABLE order_states (
    hall text NOT NULL, "order" uuid NOT NULL, version integer NOT NULL,
    state text NOT NULL,
    by text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, "order", version),
    FOREIGN KEY (hall, "order") REFERENCES orders (hall, id)
);
CREATE UNIQUE INDEX one_open_order_state ON order_states (hall, "order") WHERE left_at IS NULL;

-- Who saw whose name, number and address, when and why. Only ever added to.
CREATE TABLE personal_accesses (
    hall text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    "order" uuid NOT NULL,
    by text, roles text[] NOT NULL,
    purpose text NOT NULL,
    day date NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX accesses_of_an_order ON personal_accesses (hall, "order", day);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'personal_accesses is only ever added to';
END $$;
CREATE TRIGGER personal_accesses_are_kept BEFORE UPDATE OR DELETE ON personal_accesses
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
