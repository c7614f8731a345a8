-- name: make_staged_overtime
-- Make this session's table of lines.
CREATE TEMPORARY TABLE staged_overtime (LIKE staged_overtime INCLUDING ALL) ON COMMIT DELETE ROWS;

-- name: make_judged_overtime
-- Make this session's table of rows.
CREATE TEMPORARY TABLE judged_overtime (LIKE judged_overtime INCLUDING ALL) ON COMMIT DELETE ROWS;

-- name: stage_overtime
-- Take lines as they come.
COPY staged_overtime FROM STDIN (FORMAT csv);

-- name: refuse_overtime
-- Keep which lines of a chunk were refused; of an id that is none, and may name a person, only its ends.
INSERT INTO import_refusals (hall, import, line, reason, key)
SELECT %(hall)s, %(id)s, line, reason,
    CASE WHEN reason NOT IN ('id_malformed', 'personal_data') THEN left(id, 64)
        ELSE concat(substring(id FROM '^[0-9]{1,4}'), '****', substring(id FROM '[0-9]{2}$')) END
FROM judged_overtime WHERE reason IS NOT NULL;

-- name: spot_repeated_overtime
-- Mark rows whose id an earlier row of the chunk has.
UPDATE judged_overtime AS judged SET again = true
FROM (SELECT id, min(line) AS first FROM judged_overtime WHERE reason IS NULL GROUP BY id HAVING count(*) > 1)
    AS repeated
WHERE judged.id = repeated.id AND judged.line > repeated.first AND judged.reason IS NULL;

-- name: judge_overtime
-- Read the lines of a chunk as rows, and say of each that cannot be taken why.
INSERT INTO judged_overtime (line, reason, again, id, department, staff, business_date, minutes)
SELECT line,
    CASE WHEN fault IS NOT NULL THEN fault
        WHEN id IS NULL THEN 'id_missing'
        -- A number that a spreadsheet rounded: 2.0110E+12 stands for thousands of others.
        WHEN id ~ '^[0-9]([.,][0-9]+[Ee][+]?|[Ee][+])[0-9]{1,2}$' THEN 'id_damaged'
        WHEN id !~ '^[A-Za-z0-9][A-Za-z0-9._/:-]{0,63}$' THEN 'id_malformed'
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
    false, id, department, staff, business_date, minutes
FROM (
    SELECT line, fault, id, department, staff, date AS date_text, minutes AS minutes_text,
        EXISTS (SELECT FROM departments WHERE hall = %(hall)s AND code = department) AS known,
        CASE WHEN is_day(date) THEN date::date END AS business_date,
        CASE WHEN minutes ~ '^[0-9]{1,5}$' THEN minutes::integer END AS minutes
    FROM staged_overtime
    OFFSET 0
) AS told;

-- name: take_overtime
-- Take the rows whose id is new.
INSERT INTO overtime_facts (hall, overtime, sequence, business_date, department, staff, minutes)
SELECT %(hall)s, id, 0, business_date, department, staff, minutes FROM judged_overtime
WHERE reason IS NULL AND NOT again
ORDER BY id
ON CONFLICT (hall, overtime) DO NOTHING;

-- name: compare_overtime
-- Refuse the rows whose id is known with other data.
UPDATE judged_overtime AS judged SET reason = 'id_known'
FROM overtime_facts AS kept
WHERE judged.reason IS NULL AND kept.hall = %(hall)s AND kept.overtime = judged.id
    AND (kept.business_date, kept.department, kept.staff, kept.minutes)
        <> (judged.business_date, judged.department, judged.staff, judged.minutes);

-- name: words_of_overtime
-- What people may have written into the rows of a chunk.
SELECT line, concat_ws(' ; ', id, staff) AS words FROM judged_overtime WHERE reason IS NULL;

-- name: refuse_words_of_overtime
-- Refuse the rows that name a person.
UPDATE judged_overtime SET reason = 'personal_data' WHERE line = ANY(%(lines)s);
