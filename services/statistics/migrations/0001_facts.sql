-- Statistics: what was heard of tickets and cases, the newest of each.
-- depends: 0001_bus

-- One row a ticket: its state after the event with the highest sequence. `wait_s` is from issue to the first call.
-- Hours are those of the hall's clock on the wall; `served_hour` is that in which the service ended.
CREATE TABLE ticket_facts (
    hall text NOT NULL,
    ticket text NOT NULL,
    sequence bigint NOT NULL,
    business_date date NOT NULL,
    department text NOT NULL,
    item text NOT NULL,
    origin text NOT NULL,
    state text NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_hour smallint NOT NULL CHECK (issued_hour BETWEEN 0 AND 23),
    finished_at timestamptz,
    served_hour smallint CHECK (served_hour BETWEEN 0 AND 23),
    misses integer NOT NULL CHECK (misses >= 0),
    wait_s integer,
    p50_s integer,
    p90_s integer,
    PRIMARY KEY (hall, ticket)
) WITH (fillfactor = 70);
CREATE INDEX tickets_of_a_date ON ticket_facts (hall, business_date);

-- One row a case: its state after the event with the highest sequence. The business date is that of acceptance.
CREATE TABLE case_facts (
    hall text NOT NULL,
    number text NOT NULL,
    sequence bigint NOT NULL,
    business_date date NOT NULL,
    department text NOT NULL,
    item text NOT NULL,
    origin text NOT NULL,
    state text NOT NULL,
    accepted_at timestamptz,
    accepted_hour smallint CHECK (accepted_hour BETWEEN 0 AND 23),
    decided_on date,
    on_time boolean,
    PRIMARY KEY (hall, number),
    CHECK ((accepted_at IS NULL) = (accepted_hour IS NULL)),
    CHECK ((decided_on IS NULL) = (on_time IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX cases_of_a_date ON case_facts (hall, business_date);
CREATE INDEX cases_decided_on_a_date ON case_facts (hall, decided_on) WHERE decided_on IS NOT NULL;

-- What departments, items and queues are called.
CREATE TABLE names (
    hall text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('department', 'item', 'queue')),
    code text NOT NULL,
    name text NOT NULL,
    name_en text,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, kind, code)
);

-- Up to when each service was heard: the newest event's time and position.
CREATE TABLE events_seen (
    hall text NOT NULL,
    source text NOT NULL,
    newest_at timestamptz NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (hall, source)
) WITH (fillfactor = 50);
