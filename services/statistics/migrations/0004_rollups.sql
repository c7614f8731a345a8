-- Statistics: facts by month, sums of them, and the archive of all that was heard.
-- depends: 0003_onsite

-- Facts, sums and archive have one writer at a time: a batch touches rows in orders that no rule could make the same
-- for all. Whoever writes calls open_months() first, which waits its turn; the triggers below hold whoever forgets.
CREATE FUNCTION lock_facts() RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtext('hallflow.facts'), 1)
$$;

CREATE FUNCTION wait_for_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_facts();
    RETURN NULL;
END
$$;

-- Wait for one's turn and make the partitions of a table for the months of these dates (of UTC, for moments). A
-- partition is made beside its table and attached, which holds up nobody who reads. There is no default partition:
-- rows in it would have to be searched and moved whenever a month is made.
CREATE FUNCTION open_months(parent text, dates date[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    month date;
    part text;
BEGIN
    PERFORM lock_facts();
    FOR month IN SELECT DISTINCT date_trunc('month', day)::date FROM unnest(dates) AS day ORDER BY 1 LOOP
        part := parent || to_char(month, '_YYYY_MM');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        EXECUTE format(
            'CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = 70)', part, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part,
            month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
    END LOOP;
END
$$;

ALTER TABLE ticket_facts RENAME TO ticket_facts_before;
ALTER INDEX ticket_facts_pkey RENAME TO ticket_facts_before_pkey;
DROP INDEX tickets_of_a_date;
ALTER TABLE case_facts RENAME TO case_facts_before;
ALTER INDEX case_facts_pkey RENAME TO case_facts_before_pkey;
DROP INDEX cases_of_a_date;
DROP INDEX cases_decided_on_a_date;

-- One row a ticket: its state after the event with the highest sequence. `wait_s` is from issue to the first call,
-- `service_s` from start to finish less holds. Hours are those of the hall's clock on the wall; `served_hour` is that
-- in which the service ended. Write through this table, not to a partition: the sums are kept by its triggers.
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
    queue text,
    service_s integer CHECK (service_s >= 0),
    PRIMARY KEY (hall, business_date, ticket)
) PARTITION BY RANGE (business_date);

-- One row a case: its state after the event with the highest sequence, 0 for one that was imported and of which no
-- event was heard. The business date is that of acceptance. Write through this table, not to a partition.
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
    due_on date,
    PRIMARY KEY (hall, business_date, number),
    CHECK ((accepted_at IS NULL) = (accepted_hour IS NULL)),
    CHECK ((decided_on IS NULL) = (on_time IS NULL))
) PARTITION BY RANGE (business_date);
CREATE INDEX cases_decided_on_a_date ON case_facts (hall, decided_on) WHERE decided_on IS NOT NULL;

-- The one date a ticket or case belongs to: the keys above begin with the date and cannot hold that by themselves.
CREATE TABLE ticket_numbers (
    hall text NOT NULL,
    ticket text NOT NULL,
    business_date date NOT NULL,
    PRIMARY KEY (hall, ticket)
);
CREATE TABLE case_numbers (
    hall text NOT NULL,
    number text NOT NULL,
    business_date date NOT NULL,
    PRIMARY KEY (hall, number)
);

-- Sums of the facts by day and by month (`period` is its first day). Items, origins and hours: cases, and what became
-- of them, by the date of acceptance, tickets by their business date. `weekday_hour` ('1-09', Monday is 1) by month
-- only, and for the whole hall (department '') as `hall_weekday_hour`. `decision`: decided cases and those on time by the date of decision. No CHECK that sums are not negative: if
-- they were ever damaged, facts must go on being kept until a rebuild.
CREATE TABLE volumes (
    hall text NOT NULL,
    grain text NOT NULL CHECK (grain IN ('day', 'month')),
    dimension text NOT NULL CHECK (dimension IN (
        'item', 'origin', 'hour', 'weekday_hour', 'hall_weekday_hour', 'decision')),
    period date NOT NULL,
    department text NOT NULL,
    key text NOT NULL,
    cases integer NOT NULL,
    tickets integer NOT NULL,
    served integer NOT NULL,
    missed integer NOT NULL,
    decided integer NOT NULL,
    on_time integer NOT NULL,
    PRIMARY KEY (hall, grain, dimension, period, department, key),
    CHECK (grain = 'day' OR extract(day FROM period) = 1)
) WITH (fillfactor = 70);

-- What a row of facts counts, `n` being 1 for a row that is there and -1 for one that is gone.
CREATE FUNCTION counts_of(facts text, rows text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(CASE facts
        WHEN 'ticket_facts' THEN
            'SELECT hall, business_date, department, item, origin, issued_hour AS hour, 0 AS cases, n AS tickets,
                n * (state = ''served'')::integer AS served, n * (misses > 0)::integer AS missed, 0 AS decided,
                0 AS on_time FROM (%s) AS facts'
        WHEN 'case_facts' THEN
            'SELECT hall, business_date, department, item, origin, accepted_hour AS hour, n AS cases, 0 AS tickets,
                0 AS served, 0 AS missed, n * (on_time IS NOT NULL)::integer AS decided,
                n * coalesce(on_time, false)::integer AS on_time FROM (%s) AS facts WHERE accepted_at IS NOT NULL'
        END, rows)
$$;

-- The query of the sums of counts, by every dimension but that of decisions.
CREATE FUNCTION sums_of_counts(counts text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format($query$
        WITH days AS MATERIALIZED (
            SELECT hall, CASE WHEN grouping(item) = 0 THEN 'item' WHEN grouping(origin) = 0 THEN 'origin' ELSE 'hour' END
                    AS dimension,
                business_date AS period, department, coalesce(item, origin, to_char(hour, 'FM00')) AS key,
                sum(cases) AS cases, sum(tickets) AS tickets, sum(served) AS served, sum(missed) AS missed,
                sum(decided) AS decided, sum(on_time) AS on_time
            FROM (%s) AS counts
            GROUP BY GROUPING SETS ((hall, business_date, department, item), (hall, business_date, department, origin),
                (hall, business_date, department, hour))
        ), grains AS (
            SELECT hall, 'day' AS grain, dimension, period, department, key, cases, tickets, served, missed, decided,
                on_time FROM days
            UNION ALL
            SELECT hall, 'month', dimension, date_trunc('month', period)::date, department, key, cases, tickets,
                served, missed, decided, on_time FROM days
            UNION ALL
            SELECT hall, 'month', 'weekday_hour', date_trunc('month', period)::date, department,
                extract(isodow FROM period) || '-' || key, cases, tickets, served, missed, decided, on_time
            FROM days WHERE dimension = 'hour'
            UNION ALL
            SELECT hall, 'month', 'hall_weekday_hour', date_trunc('month', period)::date, '',
                extract(isodow FROM period) || '-' || key, cases, tickets, served, missed, decided, on_time
            FROM days WHERE dimension = 'hour'
        )
        SELECT hall, grain, dimension, period, department, key, sum(cases) AS cases, sum(tickets) AS tickets,
            sum(served) AS served, sum(missed) AS missed, sum(decided) AS decided, sum(on_time) AS on_time
        FROM grains GROUP BY 1, 2, 3, 4, 5, 6
    $query$, counts)
$$;

-- The query of the sums of decisions among rows of case_facts.
CREATE FUNCTION sums_of_decisions(rows text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format($query$
        SELECT hall, grain, 'decision', CASE grain WHEN 'day' THEN decided_on ELSE date_trunc('month', decided_on)::date END,
            department, '', 0, 0, 0, 0, sum(n), sum(n * on_time::integer)
        FROM (%s) AS facts CROSS JOIN (VALUES ('day'), ('month')) AS grains (grain)
        WHERE decided_on IS NOT NULL
        GROUP BY 1, 2, 4, 5
    $query$, rows)
$$;

-- Carry a change of facts into the sums.
CREATE FUNCTION roll_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS n, * FROM added'
        WHEN 'DELETE' THEN 'SELECT -1 AS n, * FROM gone'
        ELSE 'SELECT 1 AS n, * FROM added UNION ALL SELECT -1, * FROM gone' END;
    sums text := sums_of_counts(counts_of(TG_ARGV[0], changed));
BEGIN
    -- An upsert fires for both, mostly with nothing in one of them. `added` is looked at only where there is one.
    IF TG_OP <> 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM added) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_ARGV[0] = 'case_facts' THEN
        sums := format('SELECT * FROM (%s) AS counts UNION ALL %s', sums, sums_of_decisions(changed));
    END IF;
    EXECUTE format($query$
        INSERT INTO volumes AS kept (hall, grain, dimension, period, department, key, cases, tickets, served, missed,
            decided, on_time)
        SELECT * FROM (%s) AS sums
        WHERE (cases, tickets, served, missed, decided, on_time) <> (0, 0, 0, 0, 0, 0)
        ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (hall, grain, dimension, period, department, key) DO UPDATE
        SET cases = kept.cases + excluded.cases, tickets = kept.tickets + excluded.tickets,
            served = kept.served + excluded.served, missed = kept.missed + excluded.missed,
            decided = kept.decided + excluded.decided, on_time = kept.on_time + excluded.on_time
    $query$, sums);
    RETURN NULL;
END
$$;

-- The query of the sums of a month, from its facts and its decisions.
CREATE FUNCTION sums_of_month(month date) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    dates text := format('BETWEEN %L AND %L', month, (month + interval '1 month')::date - 1);
BEGIN
    RETURN 'SELECT * FROM (' || sums_of_counts(
            counts_of('case_facts', 'SELECT 1 AS n, * FROM public.case_facts WHERE business_date ' || dates)
            || ' UNION ALL '
            || counts_of('ticket_facts', 'SELECT 1 AS n, * FROM public.ticket_facts WHERE business_date ' || dates))
        || ') AS counts UNION ALL '
        || sums_of_decisions('SELECT 1 AS n, * FROM public.case_facts WHERE decided_on ' || dates);
END
$$;

-- Are the sums of a month those of its facts? Of one moment, since one statement reads both.
CREATE FUNCTION volumes_are_right(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    wrong boolean;
BEGIN
    EXECUTE format($query$
        WITH counted AS MATERIALIZED (
            %s
        ), kept AS MATERIALIZED (
            SELECT * FROM volumes WHERE period >= %L AND period < %L
                AND (cases, tickets, served, missed, decided, on_time) <> (0, 0, 0, 0, 0, 0)
        )
        SELECT EXISTS (TABLE counted EXCEPT TABLE kept) OR EXISTS (TABLE kept EXCEPT TABLE counted)
    $query$, sums_of_month(month), month, (month + interval '1 month')::date) INTO wrong;
    RETURN NOT wrong;
END
$$;

-- Count the sums of a month anew from the facts.
CREATE FUNCTION recount_volumes(month date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_facts();
    DELETE FROM volumes WHERE period >= month AND period < month + interval '1 month';
    EXECUTE 'INSERT INTO volumes ' || sums_of_month(month);
END
$$;

CREATE TRIGGER tickets_wait BEFORE INSERT OR UPDATE OR DELETE ON ticket_facts
    FOR EACH STATEMENT EXECUTE FUNCTION wait_for_turn();
CREATE TRIGGER tickets_added AFTER INSERT ON ticket_facts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION roll_up('ticket_facts');
CREATE TRIGGER tickets_changed AFTER UPDATE ON ticket_facts REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION roll_up('ticket_facts');
CREATE TRIGGER tickets_gone AFTER DELETE ON ticket_facts REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION roll_up('ticket_facts');
CREATE TRIGGER cases_wait BEFORE INSERT OR UPDATE OR DELETE ON case_facts
    FOR EACH STATEMENT EXECUTE FUNCTION wait_for_turn();
CREATE TRIGGER cases_added AFTER INSERT ON case_facts REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION roll_up('case_facts');
CREATE TRIGGER cases_changed AFTER UPDATE ON case_facts REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION roll_up('case_facts');
CREATE TRIGGER cases_gone AFTER DELETE ON case_facts REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION roll_up('case_facts');

-- What the catalogue says of items and departments; what they are called stands in `names`.
CREATE TABLE items (
    hall text NOT NULL,
    code text NOT NULL,
    department text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    effective_from date,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);
CREATE TABLE departments (
    hall text NOT NULL,
    code text NOT NULL,
    offers_three_services boolean NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- Who works in the hall: no personal data beyond the account's name.
CREATE TABLE staff (
    hall text NOT NULL,
    username text NOT NULL,
    department text,
    role text NOT NULL,
    active boolean NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, username)
);

-- Thank-you letters, banners and plaques that departments received. `note` holds no personal data.
CREATE TABLE commendations (
    hall text NOT NULL,
    id uuid NOT NULL,
    department text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('letter', 'banner', 'plaque')),
    received_on date NOT NULL,
    note text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX commendations_of_a_date ON commendations (hall, received_on);

-- One row an evaluated visit.
CREATE TABLE evaluation_facts (
    hall text NOT NULL,
    ticket text NOT NULL,
    sequence bigint NOT NULL,
    business_date date NOT NULL,
    department text NOT NULL,
    item text NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    follow_up text,
    PRIMARY KEY (hall, ticket)
);
CREATE INDEX evaluations_of_a_date ON evaluation_facts (hall, business_date);

-- Unusual movements and their follow-up: detected → assigned → explained → confirmed | dismissed → fed_back.
CREATE TABLE anomalies (
    hall text NOT NULL,
    id uuid NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('item', 'department', 'hour')),
    subject text NOT NULL,
    department text,
    business_date date NOT NULL,
    observed double precision NOT NULL,
    expected double precision NOT NULL,
    lower double precision NOT NULL,
    upper double precision NOT NULL,
    score double precision NOT NULL,
    method text NOT NULL,
    detected_at timestamptz NOT NULL,
    state text NOT NULL
        CHECK (state IN ('detected', 'assigned', 'explained', 'confirmed', 'dismissed', 'fed_back')),
    owner text,
    due_on date,
    explanation text,
    outcome text,
    version integer NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX anomalies_of_a_date ON anomalies (hall, business_date);

-- Every event that was heard, as far as statistics reads it, so without personal data; by month of its time, in UTC.
-- `ordinal` grows in the order of commits, since there is one writer at a time.
CREATE SEQUENCE event_ordinals;
CREATE TABLE event_archive (
    hall text NOT NULL,
    id uuid NOT NULL,
    ordinal bigint NOT NULL DEFAULT nextval('event_ordinals'),
    at timestamptz NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    position bigint NOT NULL,
    data json NOT NULL,
    PRIMARY KEY (hall, at, id)
) PARTITION BY RANGE (at);
CREATE INDEX archive_in_order ON event_archive (ordinal);

-- What was known when the archive began: a rebuild starts from these rows.
CREATE TABLE archive_base (
    model text NOT NULL,
    content jsonb NOT NULL
);

-- A rebuild hears the archive again into tables of its session that have the names of the read models, and so come
-- first for the handlers' queries. Make one, with what was known when the archive began.
CREATE FUNCTION make_shadow(model text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TEMP TABLE %1$I (LIKE public.%1$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)',
        model);
    EXECUTE format('INSERT INTO pg_temp.%1$I SELECT kept.* FROM public.archive_base,
            jsonb_populate_record(NULL::public.%1$I, content) AS kept WHERE model = %1$L', model);
END
$$;

-- Make a read model what its shadow is, in a month of business dates or whole; says how many rows were wrong. What was
-- imported and the archive does not know stays.
CREATE FUNCTION mend(model text, month date DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    assigned text;
    key text;
    dates text := CASE WHEN month IS NULL THEN 'true'
        ELSE format('business_date >= %L AND business_date < %L', month, (month + interval '1 month')::date) END;
    derived text := CASE model
        WHEN 'case_facts' THEN '(kept.sequence > 0 OR EXISTS (
            SELECT FROM pg_temp.case_numbers AS heard WHERE heard.hall = kept.hall AND heard.number = kept.number))'
        WHEN 'overtime_facts' THEN 'kept.sequence > 0'
        ELSE 'true' END;
    gone bigint;
    changed bigint;
BEGIN
    PERFORM lock_facts();
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
        string_agg(format('%1$I = excluded.%1$I', attname), ', ' ORDER BY attnum),
        string_agg(quote_ident(attname), ', ' ORDER BY attnum) FILTER (WHERE attnum = ANY (indkey))
    INTO columns, assigned, key
    FROM pg_attribute JOIN pg_index ON indrelid = attrelid AND indisprimary
    WHERE attrelid = format('public.%I', model)::regclass AND attnum > 0 AND NOT attisdropped;

    EXECUTE format('DELETE FROM public.%1$I AS kept WHERE %2$s AND %3$s AND NOT EXISTS (
            SELECT FROM pg_temp.%1$I AS heard WHERE ROW(%4$s) = ROW(%5$s))', model, dates, derived,
        'heard.' || replace(key, ', ', ', heard.'), 'kept.' || replace(key, ', ', ', kept.'));
    GET DIAGNOSTICS gone = ROW_COUNT;
    EXECUTE format('INSERT INTO public.%1$I (%2$s)
            SELECT %2$s FROM pg_temp.%1$I AS heard WHERE %5$s AND NOT EXISTS (
                SELECT FROM public.%1$I AS kept WHERE %5$s AND ROW(%6$s) = ROW(%7$s)
                    AND ROW(%8$s) IS NOT DISTINCT FROM ROW(%9$s))
            ORDER BY %3$s ON CONFLICT (%3$s) DO UPDATE SET %4$s', model, columns, key, assigned, dates,
        'heard.' || replace(key, ', ', ', heard.'), 'kept.' || replace(key, ', ', ', kept.'),
        'heard.' || replace(columns, ', ', ', heard.'), 'kept.' || replace(columns, ', ', ', kept.'));
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN gone + changed;
END
$$;

-- The months that facts, their shadows or sums are in.
CREATE FUNCTION months_of_figures() RETURNS SETOF date LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT date_trunc('month', day)::date
    FROM (
        SELECT DISTINCT business_date FROM public.ticket_facts
        UNION ALL SELECT DISTINCT business_date FROM pg_temp.ticket_facts
        UNION ALL SELECT DISTINCT business_date FROM public.case_facts
        UNION ALL SELECT DISTINCT business_date FROM pg_temp.case_facts
        UNION ALL SELECT DISTINCT decided_on FROM public.case_facts
        UNION ALL SELECT DISTINCT decided_on FROM pg_temp.case_facts
        UNION ALL SELECT DISTINCT period FROM volumes
    ) AS days (day)
    WHERE day IS NOT NULL;
END
$$;

-- Find numbers whose date is not that of their fact, and facts without a number: slow, and holds nobody up.
CREATE FUNCTION find_misnumbered(facts text, numbers text, subject text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE format('CREATE TEMP TABLE misnumbered ON COMMIT DROP AS
        SELECT hall, %3$I, business_date FROM public.%1$I AS facts
            FULL JOIN (SELECT *, true AS numbered FROM public.%2$I) AS known USING (hall, %3$I, business_date)
        WHERE facts.sequence IS NULL OR known.numbered IS NULL', facts, numbers, subject);
    GET DIAGNOSTICS found = ROW_COUNT;
    RETURN found;
END
$$;

-- Give the facts that were found their numbers, as far as that is still needed.
CREATE FUNCTION number_anew(facts text, numbers text, subject text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_facts();
    EXECUTE format('DELETE FROM public.%2$I AS known USING misnumbered AS found
        WHERE known.hall = found.hall AND known.%3$I = found.%3$I AND NOT EXISTS (SELECT FROM public.%1$I AS facts
            WHERE facts.hall = known.hall AND facts.business_date = known.business_date AND facts.%3$I = known.%3$I)',
        facts, numbers, subject);
    EXECUTE format('INSERT INTO public.%2$I (hall, %3$I, business_date)
        SELECT hall, %3$I, business_date FROM public.%1$I JOIN misnumbered USING (hall, %3$I, business_date)
        ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING', facts, numbers, subject);
END
$$;

INSERT INTO archive_base
SELECT 'ticket_facts', to_jsonb(kept) FROM ticket_facts_before AS kept
UNION ALL SELECT 'case_facts', to_jsonb(kept) FROM case_facts_before AS kept
UNION ALL SELECT 'appointment_facts', to_jsonb(kept) FROM appointment_facts AS kept
UNION ALL SELECT 'overtime_facts', to_jsonb(kept) FROM overtime_facts AS kept
UNION ALL SELECT 'onsite_facts', to_jsonb(kept) FROM onsite_facts AS kept
UNION ALL SELECT 'names', to_jsonb(kept) FROM names AS kept
UNION ALL SELECT 'events_seen', to_jsonb(kept) FROM events_seen AS kept;

DO $$
BEGIN
    PERFORM open_months('ticket_facts', array(SELECT DISTINCT business_date FROM ticket_facts_before));
    PERFORM open_months('case_facts', array(SELECT DISTINCT business_date FROM case_facts_before));
END
$$;
INSERT INTO ticket_facts (hall, ticket, sequence, business_date, department, item, origin, state, issued_at, issued_hour,
    finished_at, served_hour, misses, wait_s, p50_s, p90_s)
SELECT hall, ticket, sequence, business_date, department, item, origin, state, issued_at, issued_hour, finished_at,
    served_hour, misses, wait_s, p50_s, p90_s
FROM ticket_facts_before;
INSERT INTO case_facts (hall, number, sequence, business_date, department, item, origin, state, accepted_at,
    accepted_hour, decided_on, on_time)
SELECT hall, number, sequence, business_date, department, item, origin, state, accepted_at, accepted_hour, decided_on,
    on_time
FROM case_facts_before;
INSERT INTO ticket_numbers SELECT hall, ticket, business_date FROM ticket_facts;
INSERT INTO case_numbers SELECT hall, number, business_date FROM case_facts;
DROP TABLE ticket_facts_before;
DROP TABLE case_facts_before;
