-- name: keep_commendations
-- Keep the newest state of each commendation of a batch; an older one than is kept changes nothing. What quality tells
-- of is no longer a row of a file.
INSERT INTO commendation_facts AS kept (hall, commendation, sequence, department, kind, received_on, withdrawn)
SELECT DISTINCT ON (hall, commendation) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, commendation uuid, sequence bigint, department text,
    kind text, received_on date, withdrawn boolean)
ORDER BY hall, commendation, sequence DESC
ON CONFLICT (hall, commendation) DO UPDATE
SET sequence = excluded.sequence, department = excluded.department, kind = excluded.kind,
    received_on = excluded.received_on, withdrawn = excluded.withdrawn, note_digest = NULL, import = NULL
WHERE excluded.sequence > kept.sequence;

-- name: commendation_counts
-- Letters, banners and plaques that came on these dates, by department and kind, of the hall or a department.
SELECT department, kind, count(*) AS count
FROM commendation_facts
WHERE hall = %(hall)s AND received_on BETWEEN %(since)s AND %(until)s AND NOT withdrawn
    AND department = coalesce(%(department)s::text, department)
GROUP BY department, kind ORDER BY department, kind;
