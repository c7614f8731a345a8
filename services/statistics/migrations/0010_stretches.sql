-- Statistics: one row a stretch of a visit, so that waits and services count where they were spent.
-- depends: 0009_joint

-- One row a stretch of a ticket, all of one ticket from the event with the highest sequence. The first one counts the
-- ticket, in the department where the number was taken; a visitor who was sent on has more, each with the queue, the
-- department, the window and the item it was spent for (null where nobody knows that). `issued_at` and `issued_hour`
-- are those of entering the stretch, `wait_s` lasts from there to the first call, `window_s` is what was served at its
-- window less holds, `misses` happened in it, and `state` is how it ended, the ticket's own for the last one. One that is
-- not `queued` went on at another window after a hold: nobody arrived or waited, and its service is also part of
-- `service_s` of the stretch before, which is that of the whole stay in the queue.
ALTER TABLE ticket_facts ADD COLUMN stretch smallint NOT NULL DEFAULT 1 CHECK (stretch > 0);
ALTER TABLE ticket_facts ADD COLUMN "window" text;
ALTER TABLE ticket_facts ADD COLUMN window_s integer CHECK (window_s >= 0);
ALTER TABLE ticket_facts ADD COLUMN queued boolean NOT NULL DEFAULT true;
ALTER TABLE ticket_facts ALTER COLUMN item DROP NOT NULL;
ALTER TABLE ticket_facts DROP CONSTRAINT ticket_facts_pkey,
    ADD PRIMARY KEY (hall, business_date, ticket, stretch);
ALTER TABLE evaluation_facts ALTER COLUMN item DROP NOT NULL;

-- What was known before the archive began had one stretch a ticket.
UPDATE archive_base SET content = content || '{"stretch": 1, "queued": true}' WHERE model = 'ticket_facts';

-- What a row of facts counts, `n` being 1 for a row that is there and -1 for one that is gone.
CREATE OR REPLACE FUNCTION counts_of(facts text, rows text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format(CASE facts
        WHEN 'ticket_facts' THEN
            'SELECT hall, business_date, department, item, origin, issued_hour AS hour, 0 AS cases,
                n * (stretch = 1)::integer AS tickets, n * (state = ''served'')::integer AS served,
                n * (misses > 0)::integer AS missed, 0 AS decided, 0 AS on_time FROM (%s) AS facts'
        WHEN 'case_facts' THEN
            'SELECT hall, business_date, department, item, origin, accepted_hour AS hour, n AS cases, 0 AS tickets,
                0 AS served, 0 AS missed, n * (on_time IS NOT NULL)::integer AS decided,
                n * coalesce(on_time, false)::integer AS on_time FROM (%s) AS facts WHERE accepted_at IS NOT NULL'
        END, rows)
$$;

-- The query of the sums of counts, by every dimension but that of decisions; what is of no item is in no sum of one.
CREATE OR REPLACE FUNCTION sums_of_counts(counts text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
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
            HAVING grouping(item) = 1 OR item IS NOT NULL
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
        HAVING (sum(cases), sum(tickets), sum(served), sum(missed), sum(decided), sum(on_time)) <> (0, 0, 0, 0, 0, 0)
    $query$, counts)
$$;
