-- Statistics: what is recorded of quality is handed over to the service of that name; commendations become facts.
-- depends: 0013_taking_back

-- The newest state of each commendation. `sequence` is its version, 0 while only a file has told of it: then `import` is
-- which, and `note_digest` the MD5 of its note, for comparing. What was imported before has neither.
CREATE TABLE commendation_facts (
    hall text NOT NULL,
    commendation uuid NOT NULL,
    sequence bigint NOT NULL,
    department text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('letter', 'banner', 'plaque')),
    received_on date NOT NULL,
    withdrawn boolean NOT NULL,
    note_digest text,
    import uuid,
    PRIMARY KEY (hall, commendation)
);
CREATE INDEX commendation_facts_of_a_date ON commendation_facts (hall, received_on);
-- Counts what is told of commendations of files, so that the order in which it is heard does not matter.
CREATE SEQUENCE commendation_tellings;

-- Nobody writes here any more, old code that still runs included: it would be lost. A later release drops the tables.
CREATE FUNCTION refuse_what_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the service quality keeps % now', TG_TABLE_NAME;
END
$$;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['commendations', 'commendation_changes', 'assessment_rules', 'awards', 'assessments',
        'meetings', 'meeting_actions']
    LOOP
        EXECUTE format('CREATE TRIGGER left_statistics BEFORE INSERT OR UPDATE OR DELETE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_left()', kept);
        -- A hundred rows an event, so that none is large; quality takes each row once.
        EXECUTE format($query$
            INSERT INTO outbox (type, body, created_at)
            SELECT 'statistics.records.handed_over', json_build_object('specversion', '1.0', 'id', gen_random_uuid(),
                'source', '/hallflow/statistics', 'type', 'statistics.records.handed_over', 'subject', %1$L,
                'time', now(), 'datacontenttype', 'application/json', 'hall', hall, 'sequence', part, 'callid', '',
                'data', json_build_object('table', %1$L, 'rows', json_agg(content))), now()
            FROM (
                SELECT hall, 1 + (row_number() OVER (PARTITION BY hall) - 1) / 100 AS part, to_json(kept) AS content
                FROM %1$I AS kept
            ) AS numbered
            GROUP BY hall, part ORDER BY hall, part
        $query$, kept);
    END LOOP;
END
$$;

INSERT INTO commendation_facts (hall, commendation, sequence, department, kind, received_on, withdrawn)
SELECT hall, id, version, department, kind, received_on, withdrawn_at IS NOT NULL FROM commendations;
INSERT INTO archive_base SELECT 'commendation_facts', to_jsonb(kept) FROM commendation_facts AS kept;

-- Make a read model what its shadow is, in a month of business dates or whole; says how many rows were wrong. What was
-- imported and the archive does not know stays.
CREATE OR REPLACE FUNCTION mend(model text, month date DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
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
        WHEN 'commendation_facts' THEN 'kept.sequence > 0'
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
