-- name: save_rule
-- Keep a rule; the same code from the same day on is changed.
INSERT INTO assessment_rules (hall, code, valid_from, valid_to, name, name_en, measure, points, above, cap)
VALUES (%(hall)s, %(code)s, %(valid_from)s, %(valid_to)s, %(name)s, %(name_en)s, %(measure)s, %(points)s, %(above)s,
    %(cap)s)
ON CONFLICT (hall, code, valid_from) DO UPDATE
SET valid_to = excluded.valid_to, name = excluded.name, name_en = excluded.name_en, measure = excluded.measure,
    points = excluded.points, above = excluded.above, cap = excluded.cap;

-- name: assessment_rules
-- All rules that there were and are.
SELECT code, name, name_en, measure, points, above, cap, valid_from, valid_to
FROM assessment_rules WHERE hall = %(hall)s ORDER BY code, valid_from;

-- name: award_counts
-- How many awards of these dates count, by department and rule.
SELECT department, rule, count(*) AS awards FROM awards
WHERE hall = %(hall)s AND awarded_on BETWEEN %(since)s AND %(until)s AND withdrawn_at IS NULL
GROUP BY department, rule;

-- name: add_award
-- Record an award.
INSERT INTO awards (hall, id, department, rule, awarded_on, reason, recorded_by, recorded_at)
VALUES (%(hall)s, %(id)s, %(department)s, %(rule)s, %(awarded_on)s, %(reason)s, %(recorded_by)s, %(recorded_at)s);

-- name: lock_award
-- One award, held until the transaction ends.
SELECT * FROM awards WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: withdraw_award
-- Count an award no more.
UPDATE awards SET withdrawn_at = %(at)s, withdrawn_by = %(by)s, withdrawal = %(reason)s
WHERE hall = %(hall)s AND id = %(id)s
RETURNING *;

-- name: list_awards
-- Awards of these dates, the newest first, withdrawn ones too.
SELECT * FROM awards
WHERE hall = %(hall)s AND awarded_on BETWEEN %(since)s AND %(until)s
    AND department = coalesce(%(department)s, department)
ORDER BY awarded_on DESC, recorded_at DESC, id;

-- name: lock_assessment
-- Keep awards and publishing of a quarter apart until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('assessment:' || %(hall)s || ':' || %(period)s, 0));

-- name: published_assessment
-- A ranking that is fixed.
SELECT period, content, published_by, published_at FROM assessments
WHERE hall = %(hall)s AND period = %(period)s;

-- name: publish_assessment
-- Fix a ranking.
INSERT INTO assessments (hall, period, content, published_by, published_at)
VALUES (%(hall)s, %(period)s, %(content)s::json, %(by)s, %(at)s);
