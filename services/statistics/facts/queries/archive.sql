-- name: archive_events
-- Keep events for a rebuild; one that is there already stays as it is.
INSERT INTO event_archive (hall, id, at, type, subject, sequence, position, data)
SELECT hall, id, at, type, subject, sequence, position, data
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, id uuid, at timestamptz, type text, subject text,
    sequence bigint, position bigint, data json)
ON CONFLICT (hall, at, id) DO NOTHING;

-- name: archived_events
-- The next events of the archive, as they came.
SELECT ordinal, hall, id::text AS id, at, type, subject, sequence, position, data
FROM event_archive WHERE ordinal > %(after)s
ORDER BY ordinal LIMIT %(limit)s;

-- name: newest_ordinal
-- How far the archive goes.
SELECT max(ordinal) AS ordinal FROM event_archive;

-- name: count_archived
-- How many events the archive holds.
SELECT count(*) AS events FROM event_archive;
