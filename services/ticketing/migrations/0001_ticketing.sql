-- Ticketing: copies of the catalogue, windows, numbers, tickets, calls.
-- depends: 0001_bus

-- Copies of what the catalogue publishes. `sequence` is the version of the copied record.

CREATE TABLE departments (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL, name_en text NOT NULL, sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

CREATE TABLE zones (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL, name_en text NOT NULL, sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

CREATE TABLE queues (
    hall text NOT NULL, code text NOT NULL,
    prefix text NOT NULL CHECK (prefix ~ '^[A-Z]{1,3}$'),
    name text NOT NULL, name_en text NOT NULL,
    department text NOT NULL, zone text NOT NULL,
    max_wait_s integer NOT NULL CHECK (max_wait_s > 0),
    rates jsonb NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

CREATE TABLE items (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL, name_en text NOT NULL,
    department text NOT NULL, queue text NOT NULL,
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

-- Grows with every change of a copy, so that each process knows when to read them again.
CREATE TABLE reference_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint NOT NULL DEFAULT 0
);
INSERT INTO reference_version DEFAULT VALUES;

-- Windows: `queues` is the work profile the catalogue gives, `profile` what the clerk at it chose.

CREATE TABLE windows (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL, name_en text NOT NULL,
    department text NOT NULL, zone text NOT NULL,
    queues text[] NOT NULL,
    clerk text,
    profile text[],
    signed_in_at timestamptz,
    version bigint NOT NULL DEFAULT 0,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code),
    CHECK ((clerk IS NULL) = (profile IS NULL) AND (clerk IS NULL) = (signed_in_at IS NULL))
);
CREATE UNIQUE INDEX one_window_a_clerk ON windows (hall, clerk) WHERE clerk IS NOT NULL;

CREATE TABLE window_sessions (
    hall text NOT NULL, "window" text NOT NULL,
    clerk text NOT NULL,
    queues text[] NOT NULL,
    signed_in_at timestamptz NOT NULL,
    signed_out_at timestamptz CHECK (signed_out_at >= signed_in_at),
    PRIMARY KEY (hall, "window", signed_in_at),
    FOREIGN KEY (hall, "window") REFERENCES windows (hall, code)
);
CREATE UNIQUE INDEX one_open_session ON window_sessions (hall, "window") WHERE signed_out_at IS NULL;
CREATE INDEX sessions_by_time ON window_sessions (hall, signed_in_at);

-- The last number given in a queue on a day: numbers never come from COUNT or MAX.
CREATE TABLE queue_days (
    hall text NOT NULL, queue text NOT NULL, business_date date NOT NULL,
    last_number integer NOT NULL CHECK (last_number > 0),
    PRIMARY KEY (hall, queue, business_date)
) WITH (fillfactor = 50);

-- Tickets and their states:
--   waiting  -> called | transferred | cancelled | closed
--   called   -> serving | missed | transferred | closed
--   serving  -> served | on_hold | transferred | closed
--   on_hold  -> serving | closed
--   missed   -> waiting (once) | expired | closed
--   transferred lasts no time: the ticket waits in the new queue at once.
CREATE TABLE tickets (
    hall text NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    issued_queue text NOT NULL,
    ordinal integer NOT NULL CHECK (ordinal > 0),
    business_date date NOT NULL,
    queue text NOT NULL,
    department text NOT NULL,
    zone text NOT NULL,
    item text NOT NULL,
    service_seconds integer NOT NULL CHECK (service_seconds > 0),
    class_ text NOT NULL CHECK (class_ IN ('urgent', 'priority', 'appointment', 'walk_in')),
    channel text NOT NULL CHECK (channel IN ('kiosk', 'window', 'phone', 'web')),
    state text NOT NULL CHECK (state IN
        ('waiting', 'called', 'serving', 'served', 'on_hold', 'missed', 'cancelled', 'expired', 'closed')),
    rate double precision NOT NULL CHECK (rate > 0),
    reference_at timestamptz NOT NULL,
    overdue_at timestamptz NOT NULL,
    "window" text,
    clerk text,
    extended boolean NOT NULL DEFAULT false,
    reason text,
    cutoff_override text,
    issued_at timestamptz NOT NULL,
    first_called_at timestamptz,
    called_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    service_s integer CHECK (service_s >= 0),
    calls integer NOT NULL DEFAULT 0,
    misses integer NOT NULL DEFAULT 0,
    requeues integer NOT NULL DEFAULT 0 CHECK (requeues <= 1),
    ahead_at_issue integer NOT NULL,
    p50_s integer,
    p90_s integer CHECK (p90_s >= p50_s),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (hall, id),
    UNIQUE (hall, issued_queue, business_date, ordinal),
    FOREIGN KEY (hall, queue) REFERENCES queues (hall, code),
    CHECK ((state IN ('called', 'serving')) <= ("window" IS NOT NULL)),
    CHECK ((state = 'waiting') <= ("window" IS NULL)),
    CHECK (class_ <> 'urgent' OR reason IS NOT NULL)
) WITH (fillfactor = 70);

-- A ticket has one window column, so it is never at two; a window has at most one ticket called or being served.
CREATE UNIQUE INDEX one_ticket_at_a_window ON tickets (hall, "window") WHERE state IN ('called', 'serving');
CREATE INDEX waiting_tickets ON tickets (hall, queue) WHERE state = 'waiting';
CREATE INDEX set_aside_tickets ON tickets (hall, department) WHERE state IN ('on_hold', 'missed');
CREATE INDEX open_tickets ON tickets (hall, business_date) WHERE state IN ('waiting', 'called', 'serving', 'on_hold', 'missed');
CREATE INDEX served_tickets ON tickets (hall, finished_at) WHERE state = 'served';

CREATE TABLE ticket_states (
    hall text NOT NULL,
    ticket uuid NOT NULL,
    version bigint NOT NULL,
    state text NOT NULL,
    queue text NOT NULL,
    "window" text,
    clerk text,
    reason text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, ticket, version),
    FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id)
);
CREATE UNIQUE INDEX one_open_state ON ticket_states (hall, ticket) WHERE left_at IS NULL;

-- Each call and recall, with why this ticket was chosen.
CREATE TABLE calls (
    hall text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    ticket uuid NOT NULL,
    number text NOT NULL,
    zone text NOT NULL,
    "window" text NOT NULL,
    clerk text,
    called_at timestamptz NOT NULL,
    recall boolean NOT NULL,
    rule text CHECK (rule IN ('urgent', 'overdue', 'score')),
    score double precision,
    class_ text,
    waiting integer,
    runner_up jsonb,
    PRIMARY KEY (hall, id),
    FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id)
);
CREATE INDEX calls_of_a_ticket ON calls (hall, ticket);
CREATE INDEX calls_of_a_zone ON calls (hall, zone, called_at);

CREATE TABLE evaluations (
    hall text NOT NULL,
    ticket uuid NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    comment text,
    "window" text,
    clerk text,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (hall, ticket),
    FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id)
);

-- The order of a queue, as services/ticketing/domain/queue.py has it: by rank, then weight, the smallest first.
CREATE FUNCTION call_rule(class_ text, overdue_at timestamptz, at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN class_ = 'urgent' THEN 'urgent' WHEN overdue_at <= at THEN 'overdue' ELSE 'score' END
$$;
CREATE FUNCTION call_score(rate double precision, reference_at timestamptz, at timestamptz) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rate * extract(epoch FROM at - reference_at)::double precision
$$;
CREATE FUNCTION call_rank(class_ text, overdue_at timestamptz, at timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN class_ = 'urgent' THEN 0 WHEN overdue_at <= at THEN 1 ELSE 2 END
$$;
CREATE FUNCTION call_weight(
    class_ text, rate double precision, reference_at timestamptz, overdue_at timestamptz, at timestamptz
) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN class_ = 'urgent' THEN extract(epoch FROM reference_at)::double precision
        WHEN overdue_at <= at THEN extract(epoch FROM overdue_at)::double precision
        ELSE -rate * extract(epoch FROM at - reference_at)::double precision
    END
$$;
