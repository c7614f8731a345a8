-- name: add_commendation
-- Record a commendation.
INSERT INTO commendations (hall, id, department, kind, received_on, note, recorded_by, recorded_at)
VALUES (%(hall)s, %(id)s, %(department)s, %(kind)s, %(received_on)s, %(note)s, %(recorded_by)s, %(recorded_at)s);

-- name: save_commendation
-- Keep what a commendation was before a change, and change it.
WITH before AS (
    INSERT INTO commendation_changes (hall, commendation, version, department, kind, received_on, note, reason,
        changed_by, changed_at)
    SELECT hall, id, version, department, kind, received_on, note, %(reason)s, %(by)s, %(at)s
    FROM commendations WHERE hall = %(hall)s AND id = %(id)s
)
UPDATE commendations SET department = %(department)s, kind = %(kind)s, received_on = %(received_on)s, note = %(note)s,
    version = %(version)s, withdrawn_at = %(withdrawn_at)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: find_commendation
-- One commendation.
SELECT hall, id::text AS id, department, kind, received_on, note, recorded_by, recorded_at, version, withdrawn_at
FROM commendations WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_commendation
-- Hold a commendation until the transaction ends.
SELECT id FROM commendations WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: commendation_changes
-- What a commendation was before each change.
SELECT version, department, kind, received_on, note, reason, changed_by, changed_at
FROM commendation_changes WHERE hall = %(hall)s AND commendation = %(id)s ORDER BY version;

-- name: list_commendations
-- Commendations of these dates that count, the newest first.
SELECT hall, id::text AS id, department, kind, received_on, note, recorded_by, recorded_at, version, withdrawn_at
FROM commendations
WHERE hall = %(hall)s AND received_on BETWEEN %(since)s AND %(until)s AND withdrawn_at IS NULL
    AND department = coalesce(%(department)s, department) AND kind = coalesce(%(kind)s, kind)
ORDER BY received_on DESC, recorded_at DESC, id;

-- name: commendation_counts
-- Letters, banners and plaques that came on these dates, by department and kind.
SELECT department, kind, count(*) AS count
FROM commendations
WHERE hall = %(hall)s AND received_on BETWEEN %(since)s AND %(until)s AND withdrawn_at IS NULL
GROUP BY department, kind ORDER BY department, kind;
