-- name: quarter_volumes
-- Volumes of a stretch: its whole months, and the days before and after them.
SELECT coalesce(sum(cases) FILTER (WHERE dimension = 'origin'), 0)::bigint AS cases,
    coalesce(sum(tickets) FILTER (WHERE dimension = 'origin'), 0)::bigint AS tickets,
    coalesce(sum(served) FILTER (WHERE dimension = 'origin'), 0)::bigint AS served,
    coalesce(sum(decided) FILTER (WHERE dimension = 'decision'), 0)::bigint AS decided,
    coalesce(sum(on_time) FILTER (WHERE dimension = 'decision'), 0)::bigint AS on_time
FROM volumes
WHERE hall = %(hall)s AND dimension IN ('origin', 'decision')
    AND (grain = 'month' AND period >= %(whole_since)s AND period < %(whole_until)s
        OR grain = 'day' AND (period >= %(since)s AND period < %(head_until)s
            OR period >= %(tail_since)s AND period <= %(until)s));

-- name: quarter_anomalies
-- Unusual movements of these dates, the most unusual first.
SELECT id::text AS id, subject_kind, subject, department, business_date, observed, expected, score, state, owner, due_on
FROM anomalies WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
ORDER BY abs(score) DESC, id;

-- name: quarter_departments
-- What departments are assessed by, over whole months.
WITH decisions AS (
    SELECT department, sum(decided) AS decided, sum(on_time) AS on_time FROM volumes
    WHERE hall = %(hall)s AND grain = 'month' AND dimension = 'decision' AND period BETWEEN %(since)s AND %(until)s
    GROUP BY department
), accepted AS (
    SELECT department, sum(cases) AS cases FROM volumes
    WHERE hall = %(hall)s AND grain = 'month' AND dimension = 'origin' AND period BETWEEN %(since)s AND %(until)s
    GROUP BY department
), evaluated AS (
    SELECT department, count(*) AS evaluations, count(*) FILTER (WHERE level <= 2) AS negative,
        count(*) FILTER (WHERE level <= 2 AND follow_up IS DISTINCT FROM 'followed_up') AS unanswered
    FROM evaluation_facts WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s GROUP BY department
)
SELECT code AS department, coalesce(cases, 0)::bigint AS cases, coalesce(decided, 0)::bigint AS decided,
    coalesce(on_time, 0)::bigint AS on_time, coalesce(evaluations, 0) AS evaluations,
    coalesce(negative, 0) AS negative_evaluations, coalesce(unanswered, 0) AS unanswered_evaluations
FROM names
LEFT JOIN decisions ON decisions.department = code
LEFT JOIN accepted ON accepted.department = code
LEFT JOIN evaluated ON evaluated.department = code
WHERE hall = %(hall)s AND kind = 'department'
ORDER BY code;
