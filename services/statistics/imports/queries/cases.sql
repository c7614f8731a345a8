-- name: stage_cases
-- Take lines as they come.
COPY staged (line, fault, key, item, accepted_at, due_on, decided_at, origin, outcome) FROM STDIN (FORMAT csv);

-- name: judge_cases
-- Read the lines of a chunk as rows, and say of each that cannot be taken why. Its few dates are looked at once each.
INSERT INTO judged (line, reason, again, key, item, department, business_date, accepted_at, accepted_hour, due_on,
    decided_on, origin, outcome)
WITH days AS MATERIALIZED (
    SELECT text, text::date AS day FROM (
        SELECT left(accepted_at, 10) AS text FROM staged
        UNION SELECT left(decided_at, 10) FROM staged
        UNION SELECT due_on FROM staged
        OFFSET 0  -- so that each date is looked at once, not each row's
    ) AS texts
    WHERE is_day(text)
)
SELECT line,
    CASE WHEN fault IS NOT NULL THEN fault
        WHEN key IS NULL THEN 'number_missing'
        -- A number that a spreadsheet rounded: 2.0110E+12 stands for thousands of others.
        WHEN key ~ '^[0-9]([.,][0-9]+[Ee][+]?|[Ee][+])[0-9]{1,2}$' THEN 'number_damaged'
        WHEN key !~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$' THEN 'number_malformed'
        -- Phones, and identity numbers of the grown-up: a place, a later date and a count make a case's number too.
        WHEN key ~ '(^|[^0-9])((00)?(86)?-?1[3-9][0-9]((-[0-9]{4}){2}|[0-9]{8})|0[0-9]{2,3}-[1-9][0-9]{6,7})([^0-9]|$)'
            OR key ~ ('(^|[^0-9A-Za-z])[1-9][0-9]{5}-?(19[0-9]{2}|200[0-9])-?(0[1-9]|1[0-2])-?'
                || '(0[1-9]|[12][0-9]|3[01])-?[0-9]{3}[0-9Xx]([^0-9A-Za-z]|$)') THEN 'personal_data'
        WHEN item IS NULL THEN 'item_missing'
        WHEN department IS NULL THEN 'item_unknown'
        WHEN accepted_text IS NULL THEN 'accepted_at_missing'
        WHEN accepted_at IS NULL THEN 'accepted_at_malformed'
        WHEN accepted_on < '2000-01-01' THEN 'accepted_at_too_early'
        WHEN accepted_on > %(today)s THEN 'accepted_at_in_future'
        WHEN due_text IS NULL THEN 'due_on_missing'
        WHEN due_on IS NULL THEN 'due_on_malformed'
        WHEN due_on < accepted_on THEN 'due_on_before_accepted_at'
        WHEN decided_text IS NOT NULL AND decided_at IS NULL THEN 'decided_at_malformed'
        WHEN decided_at < accepted_at THEN 'decided_at_before_accepted_at'
        WHEN decided_on > %(today)s THEN 'decided_at_in_future'
        WHEN origin IS NULL THEN 'origin_missing'
        WHEN origin NOT IN ('walk_in', 'phone', 'web', 'extended', 'on_site') THEN 'origin_unknown'
        WHEN outcome NOT IN ('granted', 'refused') THEN 'outcome_unknown'
        WHEN outcome IS NOT NULL AND decided_text IS NULL THEN 'outcome_without_decision' END,
    false, key, item, department, accepted_on, accepted_at, date_part('hour', accepted_at::timestamp), due_on,
    decided_on, origin, outcome
FROM (
    SELECT *, accepted_at::date AS accepted_on, decided_at::date AS decided_on FROM (
        SELECT line, fault, key, item, items.department, accepted_at AS accepted_text, due_on AS due_text,
            decided_at AS decided_text, origin, outcome, due.day AS due_on,
            CASE WHEN accepted.text IS NOT NULL AND is_time(substr(accepted_at, 11)) THEN accepted_at::timestamptz END
                AS accepted_at,
            CASE WHEN decided.text IS NOT NULL AND is_time(substr(decided_at, 11)) THEN decided_at::timestamptz END
                AS decided_at
        FROM staged
            LEFT JOIN items ON items.hall = %(hall)s AND items.code = item
            LEFT JOIN days AS accepted ON accepted.text = left(accepted_at, 10)
            LEFT JOIN days AS decided ON decided.text = left(decided_at, 10)
            LEFT JOIN days AS due ON due.text = due_on
        OFFSET 0  -- so that nothing is worked out again for each use
    ) AS read
    OFFSET 0
) AS dated;

-- name: open_months_of_cases
-- Wait for one's turn to write facts, and open the months that a chunk needs.
SELECT open_months('case_facts',
    (SELECT coalesce(array_agg(DISTINCT business_date), '{}') FROM judged WHERE reason IS NULL));

-- name: spot_known_cases
-- Mark rows whose number is known. Nobody else adds numbers while it is this session's turn.
UPDATE judged SET again = true
FROM case_numbers AS kept
WHERE kept.hall = %(hall)s AND kept.number = judged.key AND judged.reason IS NULL AND NOT judged.again;

-- name: take_case_numbers
-- Take the numbers that are new.
INSERT INTO case_numbers (hall, number, business_date, import)
SELECT %(hall)s, key, business_date, %(id)s FROM judged WHERE reason IS NULL AND NOT again;

-- name: take_cases
-- Take the rows whose number is new.
INSERT INTO case_facts (hall, number, sequence, business_date, department, item, origin, state, accepted_at,
    accepted_hour, decided_on, on_time, due_on, outcome)
SELECT %(hall)s, key, 0, business_date, department, item, origin,
    CASE WHEN decided_on IS NULL THEN 'accepted' ELSE 'decided' END, accepted_at, accepted_hour, decided_on,
    decided_on <= due_on, due_on, outcome
FROM judged WHERE reason IS NULL AND NOT again;

-- name: compare_cases
-- Refuse the rows whose number is known with other data; what events or files did not tell is not compared.
UPDATE judged SET reason = 'number_known'
FROM case_numbers JOIN case_facts AS kept
    ON kept.hall = case_numbers.hall AND kept.number = case_numbers.number
        AND kept.business_date = case_numbers.business_date
WHERE judged.again AND judged.reason IS NULL AND case_numbers.hall = %(hall)s
    AND case_numbers.number = judged.key
    AND ((kept.item, kept.origin, kept.accepted_at, kept.decided_on, coalesce(kept.due_on, judged.due_on))
        IS DISTINCT FROM (judged.item, judged.origin, judged.accepted_at, judged.decided_on, judged.due_on)
        OR kept.outcome <> judged.outcome);

-- name: claim_cases
-- Note that this import has rows too that another one brought.
INSERT INTO import_claims (hall, number, import)
SELECT DISTINCT %(hall)s, judged.key, %(id)s::uuid
FROM judged JOIN case_numbers AS kept ON kept.hall = %(hall)s AND kept.number = judged.key
WHERE judged.again AND judged.reason IS NULL AND kept.import <> %(id)s
ON CONFLICT DO NOTHING;

-- name: take_back_cases
-- Take the rows of an import away whose cases no event told of; those that another import has too become its own.
WITH own AS MATERIALIZED (
    SELECT known.number, known.business_date, (
            SELECT claim.import FROM import_claims AS claim
            WHERE claim.hall = known.hall AND claim.number = known.number AND claim.kind = 'cases'
                AND claim.import <> known.import
            ORDER BY claim.import LIMIT 1
        ) AS heir
    FROM case_numbers AS known JOIN case_facts AS kept USING (hall, business_date, number)
    WHERE known.hall = %(hall)s AND known.import = %(id)s AND kept.sequence = 0
), gone AS (
    DELETE FROM case_facts AS kept USING own
    WHERE kept.hall = %(hall)s AND kept.business_date = own.business_date AND kept.number = own.number
        AND own.heir IS NULL
    RETURNING 1
), numbers AS (
    DELETE FROM case_numbers AS known USING own
    WHERE known.hall = %(hall)s AND known.number = own.number AND own.heir IS NULL
), inherited AS (
    UPDATE case_numbers AS known SET import = own.heir FROM own
    WHERE known.hall = %(hall)s AND known.number = own.number AND own.heir IS NOT NULL
), unclaimed AS (
    DELETE FROM import_claims AS claim
    WHERE claim.hall = %(hall)s AND claim.kind = 'cases' AND (claim.import = %(id)s
        OR EXISTS (SELECT FROM own WHERE own.number = claim.number AND own.heir = claim.import))
)
SELECT count(*) AS removed, NULL::text[] AS told FROM gone;

-- name: drop_empty_volumes
-- Forget sums of which nothing is left.
DELETE FROM volumes
WHERE hall = %(hall)s AND (cases, tickets, served, missed, decided, on_time) = (0, 0, 0, 0, 0, 0);
