-- name: add_import
-- Note a file that is to be taken in.
INSERT INTO imports (hall, id, kind, source, file_name, digest, size, state, requested_by, requested_at)
VALUES (%(hall)s, %(id)s, %(kind)s, %(source)s, %(file_name)s, %(digest)s, %(size)s, 'queued', %(requested_by)s,
    %(requested_at)s);

-- name: import
-- One import.
SELECT * FROM imports WHERE hall = %(hall)s AND id = %(id)s;

-- name: imports
-- The imports of a hall, the newest first, behind one.
SELECT * FROM imports
WHERE hall = %(hall)s
    AND (%(after_at)s::timestamptz IS NULL OR (requested_at, id) < (%(after_at)s::timestamptz, %(after_id)s::uuid))
ORDER BY requested_at DESC, id DESC
LIMIT %(limit)s;

-- name: refusals
-- The lines of an import that were refused, behind one.
SELECT line, reason, key FROM import_refusals
WHERE hall = %(hall)s AND import = %(id)s AND line > %(after)s
ORDER BY line
LIMIT %(limit)s;

-- name: add_part
-- Keep a part of an uploaded file while more are awaited; one that came before is kept as it was.
INSERT INTO import_parts (hall, import, part, content)
SELECT hall, id, %(part)s, %(content)s FROM imports
WHERE hall = %(hall)s AND id = %(id)s AND source = 'upload' AND state = 'queued' AND parts IS NULL
ON CONFLICT DO NOTHING;

-- name: count_parts
-- How many parts of a file there are, and their bytes in all.
SELECT count(*) AS parts, coalesce(sum(octet_length(content)), 0) AS bytes FROM import_parts
WHERE hall = %(hall)s AND import = %(id)s;

-- name: complete_upload
-- Note that all parts of a file are here.
UPDATE imports SET parts = %(parts)s WHERE hall = %(hall)s AND id = %(id)s AND parts IS NULL AND state = 'queued';

-- name: part
-- A part of an uploaded file.
SELECT content FROM import_parts WHERE hall = %(hall)s AND import = %(id)s AND part = %(part)s;

-- name: drop_parts
-- Forget the parts of a file.
DELETE FROM import_parts WHERE hall = %(hall)s AND import = %(id)s;

-- name: imports_to_do
-- The uploaded files that wait for the analyst or were left by one, the oldest first.
SELECT * FROM imports
WHERE state IN ('queued', 'running') AND source = 'upload' AND parts IS NOT NULL
ORDER BY requested_at;

-- name: stale_uploads
-- The uploads that stopped half way long ago.
SELECT * FROM imports WHERE state = 'queued' AND source = 'upload' AND parts IS NULL AND requested_at < %(before)s;

-- name: import_of_file
-- The import of this very file that a command began last and did not end.
SELECT * FROM imports
WHERE hall = %(hall)s AND kind = %(kind)s AND digest = %(digest)s AND source = 'command'
    AND state IN ('queued', 'running')
ORDER BY requested_at DESC
LIMIT 1;

-- name: is_importing
-- Whether a file is being taken in or back, or waits to be; one that a command began and left long ago is not.
SELECT EXISTS (
    SELECT FROM imports
    WHERE hall = %(hall)s AND state IN ('queued', 'running')
        AND (parts > 0 OR (source = 'command' AND requested_at > %(left_since)s))
) OR EXISTS (
    SELECT FROM imports WHERE hall = %(hall)s AND take_back_at IS NOT NULL AND taken_back_at IS NULL
) AS importing;

-- name: hold_import
-- Hold an import as long as this session lasts; false when another does.
SELECT pg_try_advisory_lock(hashtextextended('hallflow.import ' || %(id)s::uuid, 0)) AS held;

-- name: begin_import
-- Note that an import is worked on.
UPDATE imports SET state = 'running', started_at = coalesce(started_at, %(at)s), attempts = attempts + 1
WHERE hall = %(hall)s AND id = %(id)s AND state IN ('queued', 'running')
RETURNING *;

-- name: note_chunk
-- Note what became of a chunk, and where it ends; nothing when the import was called off meanwhile.
UPDATE imports
SET line = %(line)s, bytes_read = %(bytes_read)s, attempts = 0, rows_taken = rows_taken + %(taken)s,
    rows_known = rows_known + %(known)s, rows_refused = rows_refused + %(refused)s
WHERE hall = %(hall)s AND id = %(id)s AND state = 'running'
RETURNING *;

-- name: end_import
-- Note how an import ended.
UPDATE imports SET state = %(state)s, fault = %(fault)s, found = %(found)s, finished_at = %(at)s
WHERE hall = %(hall)s AND id = %(id)s AND state IN ('queued', 'running')
RETURNING *;

-- name: prepare_session
-- Set a session up for bulk work: a commit may be lost with the server, but with all that belongs to it.
SELECT set_config('TimeZone', %(zone)s, false), set_config('synchronous_commit', 'off', false),
    set_config('jit', 'off', false), set_config('work_mem', '64MB', false), set_config('temp_buffers', '64MB', false),
    set_config('enable_mergejoin', 'off', false);

-- name: commit_for_good
-- Have the next commit outlast a crash of the server, and with it all before.
SELECT set_config('synchronous_commit', 'on', true);

-- name: ask_to_take_back
-- Note that an import is to be taken back; nothing when it has not ended or somebody has asked for it before.
UPDATE imports SET take_back_at = %(at)s, taken_back_by = %(by)s
WHERE hall = %(hall)s AND id = %(id)s AND state IN ('done', 'failed') AND take_back_at IS NULL
RETURNING *;

-- name: imports_to_take_back
-- The imports that are to be taken back, the first to be asked for first.
SELECT * FROM imports WHERE take_back_at IS NOT NULL AND taken_back_at IS NULL ORDER BY take_back_at;

-- name: note_taken_back
-- Note that an import is taken back, and how many rows went.
UPDATE imports SET taken_back_at = %(at)s, rows_removed = %(removed)s
WHERE hall = %(hall)s AND id = %(id)s AND take_back_at IS NOT NULL AND taken_back_at IS NULL;
