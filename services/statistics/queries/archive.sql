-- name: archive_events
-- Keep events for a rebuild; one that is there already stays as it is.
INSERT INTO event_archive (hall, id, at, type, subject, sequence, position, data)
SELECT hall, id, at, type, subject, sequence, position, data
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, id uuid, at timestamptz, type text, subject text,
    sequence bigint, position bigint, data json)
ON CONFLICT (hall, at, id) DO NOTHING;
