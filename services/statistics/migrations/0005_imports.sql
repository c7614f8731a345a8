-- Statistics: files of what happened before the hall ran on this system, taken in chunk by chunk.
-- depends: 0004_rollups

-- One row a file. States: queued → running → done | failed. `parts` is how many parts an uploaded file has, null until
-- all are here and for a file that the `hall` command reads itself. `line` is the last line that was done: it, the
-- counts and the rows of a chunk are committed together, so an import that was killed goes on behind it. `attempts`
-- counts begins since the last chunk that was done.
CREATE TABLE imports (
    hall text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('cases', 'overtime', 'commendations')),
    source text NOT NULL CHECK (source IN ('upload', 'command')),
    file_name text NOT NULL,
    digest text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    parts integer CHECK (parts > 0),
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    fault text,
    attempts integer NOT NULL DEFAULT 0,
    line bigint NOT NULL DEFAULT 0,
    bytes_read bigint NOT NULL DEFAULT 0,
    rows_taken bigint NOT NULL DEFAULT 0,
    rows_known bigint NOT NULL DEFAULT 0,
    rows_refused bigint NOT NULL DEFAULT 0,
    requested_by text,
    requested_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (hall, id),
    CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL)),
    CHECK ((state = 'failed') = (fault IS NOT NULL))
);
CREATE INDEX imports_by_time ON imports (hall, requested_at DESC, id);
CREATE INDEX imports_to_do ON imports (requested_at) WHERE state IN ('queued', 'running');

-- An uploaded file until it is done, in pieces; PostgreSQL compresses those of a file that is not.
CREATE TABLE import_parts (
    hall text NOT NULL,
    import uuid NOT NULL,
    part integer NOT NULL CHECK (part >= 0),
    content bytea NOT NULL,
    PRIMARY KEY (hall, import, part),
    FOREIGN KEY (hall, import) REFERENCES imports
);

-- Which lines were not taken, and why; `key` is what the row calls itself, and nothing else is kept of it.
CREATE TABLE import_refusals (
    hall text NOT NULL,
    import uuid NOT NULL,
    line bigint NOT NULL,
    reason text NOT NULL,
    key text,
    PRIMARY KEY (hall, import, line),
    FOREIGN KEY (hall, import) REFERENCES imports
);

-- What a chunk looks like while it is judged. These tables stay empty: each importing session works on temporary ones
-- of the same names and shapes, which stand before them. `fault` is what is wrong with a line that is no row.
CREATE TABLE staged_cases (
    line bigint NOT NULL, fault text, number text, item text, accepted_at text, due_on text, decided_at text,
    origin text
);
CREATE TABLE judged_cases (
    line bigint NOT NULL, reason text, again boolean NOT NULL, number text, item text, department text,
    business_date date, accepted_at timestamptz, accepted_hour smallint, due_on date, decided_on date, origin text
);
CREATE TABLE staged_overtime (
    line bigint NOT NULL, fault text, id text, department text, staff text, date text, minutes text
);
CREATE TABLE judged_overtime (
    line bigint NOT NULL, reason text, again boolean NOT NULL, id text, department text, staff text,
    business_date date, minutes integer
);
CREATE TABLE staged_commendations (
    line bigint NOT NULL, fault text, id text, department text, kind text, received_on text, note text
);
CREATE TABLE judged_commendations (
    line bigint NOT NULL, reason text, again boolean NOT NULL, id text, department text, kind text, received_on date,
    note text
);

-- Whether a text is a date YYYY-MM-DD that exists, so that it can be cast. An expression: it is inlined.
CREATE FUNCTION is_day(given text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(given, '012345678', '999999999') = '9999-99-99' AND left(given, 4) COLLATE "C" >= '1000'
        AND substr(given, 6, 2) COLLATE "C" BETWEEN '01' AND '12'
        AND substr(given, 9, 2) COLLATE "C" BETWEEN '01' AND CASE substr(given, 6, 2)
            WHEN '04' THEN '30' WHEN '06' THEN '30' WHEN '09' THEN '30' WHEN '11' THEN '30'
            WHEN '02' THEN CASE WHEN left(given, 4)::integer % 4 = 0
                AND (left(given, 4)::integer % 100 <> 0 OR left(given, 4)::integer % 400 = 0) THEN '29' ELSE '28' END
            ELSE '31' END
$$;

-- Whether a text is what follows the date in a moment that exists: by RFC 3339, but seconds and offset may be left out
-- and a space stand for the T. Without an offset it is the hall's time.
CREATE FUNCTION is_time(given text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT given ~ '^[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?$'
$$;
