-- name: add_closure
-- A new closure.
INSERT INTO closures (hall, id, department, window_code, starts_at, ends_at, reason, reason_en, recorded_at,
                      recorded_by, version)
VALUES (%(hall)s, %(id)s, %(department)s, %(window)s, %(starts_at)s, %(ends_at)s, %(reason)s, %(reason_en)s,
        %(recorded_at)s, %(recorded_by)s, 1);

-- name: closures
-- All closures, those that begin last first.
SELECT id::text, department, window_code AS "window", starts_at, ends_at, reason, reason_en, recorded_at, recorded_by,
       ended_at, ended_by, version
FROM closures WHERE hall = %(hall)s ORDER BY starts_at DESC, id;

-- name: lock_closure
-- Hold a closure for a change.
SELECT id::text, department, window_code AS "window", starts_at, ends_at, reason, reason_en, recorded_at, recorded_by,
       ended_at, ended_by, version
FROM closures WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: end_closure
-- A closure ends now, or is called off.
UPDATE closures SET ended_at = %(ended_at)s, ended_by = %(ended_by)s, version = version + 1
WHERE hall = %(hall)s AND id = %(id)s RETURNING version;
