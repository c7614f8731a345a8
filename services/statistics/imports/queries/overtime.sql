-- name: stage_overtime
-- Take lines as they come.
COPY staged (line, fault, key, department, staff, date, minutes) FROM STDIN (FORMAT csv);

-- name: judge_overtime
-- Read the lines of a chunk as rows, and say of each that cannot be taken why.
INSERT INTO judged (line, reason, again, key, department, staff, business_date, minutes)
SELECT line,
    CASE WHEN fault IS NOT NULL THEN fault
        WHEN key IS NULL THEN 'id_missing'
        -- A number that a spreadsheet rounded: 2.0110E+12 stands for thousands of others.
        WHEN key ~ '^[0-9]([.,][0-9]+[Ee][+]?|[Ee][+])[0-9]{1,2}$' THEN 'id_damaged'
        WHEN key !~ '^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$' THEN 'id_malformed'
        WHEN department IS NULL THEN 'department_missing'
        WHEN NOT known THEN 'department_unknown'
        WHEN staff IS NULL THEN 'staff_missing'
        WHEN staff !~ '^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$' THEN 'staff_malformed'
        WHEN date_text IS NULL THEN 'date_missing'
        WHEN business_date IS NULL THEN 'date_malformed'
        WHEN business_date < '2000-01-01' THEN 'date_too_early'
        WHEN business_date > %(today)s THEN 'date_in_future'
        WHEN minutes_text IS NULL THEN 'minutes_missing'
        WHEN minutes IS NULL OR minutes NOT BETWEEN 1 AND 1440 THEN 'minutes_malformed' END,
    false, key, department, staff, business_date, minutes
FROM (
    SELECT line, fault, key, department, staff, date AS date_text, minutes AS minutes_text,
        EXISTS (SELECT FROM departments WHERE hall = %(hall)s AND code = department) AS known,
        CASE WHEN is_day(date) THEN date::date END AS business_date,
        CASE WHEN minutes ~ '^[0-9]{1,5}$' THEN minutes::integer END AS minutes
    FROM staged
    OFFSET 0
) AS told;

-- name: words_of_overtime
-- What people may have written into the rows of a chunk.
SELECT line, concat_ws(' ; ', key, staff) AS words FROM judged WHERE reason IS NULL;

-- name: spot_known_overtime
-- Mark rows whose id is known. Nobody else adds any while it is this session's turn.
UPDATE judged SET again = true
FROM overtime_facts AS kept
WHERE kept.hall = %(hall)s AND kept.overtime = judged.key AND judged.reason IS NULL AND NOT judged.again;

-- name: take_overtime
-- Take the rows whose id is new.
INSERT INTO overtime_facts (hall, overtime, sequence, business_date, department, staff, minutes, import)
SELECT %(hall)s, key, 0, business_date, department, staff, minutes, %(id)s FROM judged
WHERE reason IS NULL AND NOT again
ORDER BY key;

-- name: compare_overtime
-- Refuse the rows whose id is known with other data.
UPDATE judged SET reason = 'id_known'
FROM overtime_facts AS kept
WHERE judged.reason IS NULL AND kept.hall = %(hall)s AND kept.overtime = judged.key
    AND (kept.business_date, kept.department, kept.staff, kept.minutes)
        <> (judged.business_date, judged.department, judged.staff, judged.minutes);

-- name: claim_overtime
-- Note that this import has rows too that another one brought.
INSERT INTO import_claims (hall, number, import, kind)
SELECT DISTINCT %(hall)s, judged.key, %(id)s::uuid, 'overtime'
FROM judged JOIN overtime_facts AS kept ON kept.hall = %(hall)s AND kept.overtime = judged.key
WHERE judged.again AND judged.reason IS NULL AND kept.import <> %(id)s
ON CONFLICT DO NOTHING;

-- name: take_back_overtime
-- Take the rows of an import away that no event told of; those that another import has too become its own.
SELECT cardinality(gone) AS removed, NULL::text[] AS told
FROM take_back('overtime_facts', 'overtime', 'overtime', %(hall)s, %(id)s) AS gone;
