-- name: lock_documents
-- Have those who ask for files look for the same one and count what waits one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('documents:' || %(hall)s, 0));

-- name: document_in_hand
-- The file that answers a request: the same report's, else the one of this person that is about the same and waits or
-- has just been made.
SELECT id FROM documents
WHERE hall = %(hall)s
    AND (
        (digest = %(digest)s AND state <> 'failed')
        OR (
            requested_by = %(by)s AND kind = %(kind)s AND period = %(period)s AND format = %(format)s
            AND department IS NOT DISTINCT FROM %(department)s AND edition IS NOT DISTINCT FROM %(edition)s
            AND (state IN ('queued', 'running') OR (state = 'done' AND finished_at > %(fresh_since)s))
        )
    )
ORDER BY digest = %(digest)s DESC, requested_at DESC
LIMIT 1;

-- name: documents_waiting
-- How many files of the hall, and of a person, are still to be made.
SELECT count(*) AS of_hall, count(*) FILTER (WHERE requested_by = %(by)s) AS of_person
FROM documents WHERE hall = %(hall)s AND state IN ('queued', 'running');

-- name: add_document
-- Note a file that is to be made, and put it in the queue.
WITH added AS (
    INSERT INTO documents (hall, id, kind, period, department, edition, format, digest, report, requested_by, requested_at)
    VALUES (%(hall)s, %(id)s, %(kind)s, %(period)s, %(department)s, %(edition)s, %(format)s, %(digest)s, %(report)s,
        %(by)s, %(at)s)
    RETURNING hall, id, requested_at
)
INSERT INTO document_work (hall, document, queued_at) SELECT hall, id, requested_at FROM added;

-- name: document
-- A file without its content and what it is made of, and how many are made before it.
SELECT id, kind, period, department, edition, format, state, progress, attempts, file_name, fault, requested_by,
    requested_at, finished_at,
    CASE WHEN state = 'queued' THEN (
        SELECT count(*) FROM documents AS earlier
        WHERE earlier.state IN ('queued', 'running')
            AND (earlier.requested_at, earlier.id) < (documents.requested_at, documents.id)
    ) ELSE 0 END AS ahead
FROM documents WHERE hall = %(hall)s AND id = %(id)s;

-- name: document_content
-- A file that is ready.
SELECT file_name, content, format, kind, period FROM documents WHERE hall = %(hall)s AND id = %(id)s AND state = 'done';

-- name: take_document
-- Take the file that waits longest and that nobody else makes; its row is held until the file is stored.
DELETE FROM document_work WHERE (document, hall) IN (
    SELECT document, hall FROM document_work ORDER BY queued_at, document LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING hall, document;

-- name: begin_document
-- One more attempt at it.
UPDATE documents SET state = 'running', attempts = attempts + 1, progress = 0
WHERE hall = %(hall)s AND id = %(id)s
RETURNING attempts, format, report;

-- name: note_document
-- How far it is.
UPDATE documents SET progress = %(progress)s WHERE hall = %(hall)s AND id = %(id)s AND state = 'running';

-- name: finish_document
-- Store a file.
UPDATE documents
SET state = 'done', progress = 1, report = NULL, file_name = %(file_name)s, content = %(content)s, finished_at = %(at)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: fail_document
-- Store why there is none.
UPDATE documents SET state = 'failed', report = NULL, fault = %(fault)s, finished_at = %(at)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: forget_documents
-- Forget what ended and was asked for long ago.
DELETE FROM documents WHERE requested_at < %(before)s AND state IN ('done', 'failed');
