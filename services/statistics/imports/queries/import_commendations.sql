-- name: make_staged_commendations
-- Make this session's table of lines.
CREATE TEMPORARY TABLE staged_commendations (LIKE staged_commendations INCLUDING ALL) ON COMMIT DELETE ROWS;

-- name: make_judged_commendations
-- Make this session's table of rows.
CREATE TEMPORARY TABLE judged_commendations (LIKE judged_commendations INCLUDING ALL) ON COMMIT DELETE ROWS;

-- name: stage_commendations
-- Take lines as they come.
COPY staged_commendations FROM STDIN (FORMAT csv);

-- name: refuse_commendations
-- Keep which lines of a chunk were refused; of an id that is none, and may name a person, only its ends.
INSERT INTO import_refusals (hall, import, line, reason, key)
SELECT %(hall)s, %(id)s, line, reason,
    CASE WHEN reason NOT IN ('id_malformed', 'personal_data') THEN left(id, 64)
        ELSE concat(substring(id FROM '^[0-9]{1,4}'), '****', substring(id FROM '[0-9]{2}$')) END
FROM judged_commendations WHERE reason IS NOT NULL;

-- name: spot_repeated_commendations
-- Mark rows whose id an earlier row of the chunk has.
UPDATE judged_commendations AS judged SET again = true
FROM (SELECT id, min(line) AS first FROM judged_commendations WHERE reason IS NULL GROUP BY id HAVING count(*) > 1)
    AS repeated
WHERE judged.id = repeated.id AND judged.line > repeated.first AND judged.reason IS NULL;

-- name: judge_commendations
-- Read the lines of a chunk as rows, and say of each that cannot be taken why.
INSERT INTO judged_commendations (line, reason, again, id, department, kind, received_on, note)
SELECT line,
    CASE WHEN fault IS NOT NULL THEN fault
        WHEN id IS NULL THEN 'id_missing'
        WHEN id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN 'id_malformed'
        WHEN department IS NULL THEN 'department_missing'
        WHEN NOT known THEN 'department_unknown'
        WHEN kind IS NULL THEN 'kind_missing'
        WHEN kind NOT IN ('letter', 'banner', 'plaque') THEN 'kind_unknown'
        WHEN received_text IS NULL THEN 'received_on_missing'
        WHEN received_on IS NULL THEN 'received_on_malformed'
        WHEN received_on < '2000-01-01' THEN 'received_on_too_early'
        WHEN received_on > %(today)s THEN 'received_on_in_future'
        WHEN length(note) > 500 THEN 'note_malformed' END,
    false, id, department, kind, received_on, coalesce(note, '')
FROM (
    SELECT line, fault, id, department, kind, received_on AS received_text, note,
        EXISTS (SELECT FROM departments WHERE hall = %(hall)s AND code = department) AS known,
        CASE WHEN is_day(received_on) THEN received_on::date END AS received_on
    FROM staged_commendations
    OFFSET 0
) AS told;

-- name: spot_known_commendations
-- Mark rows whose id is known. Nobody else adds any while it is this session's turn.
UPDATE judged_commendations AS judged SET again = true
FROM commendation_facts AS kept
WHERE kept.hall = %(hall)s AND judged.reason IS NULL AND NOT judged.again AND kept.commendation = judged.id::uuid;

-- name: take_commendations
-- Take the rows whose id is new.
INSERT INTO commendation_facts (hall, commendation, sequence, department, kind, received_on, withdrawn, note_digest,
    import)
SELECT %(hall)s, id::uuid, 0, department, kind, received_on, false, md5(note), %(id)s FROM judged_commendations
WHERE reason IS NULL AND NOT again
ORDER BY id;

-- name: taken_commendations
-- The rows that were taken, for quality.
SELECT id, department, kind, received_on, note FROM judged_commendations WHERE reason IS NULL AND NOT again ORDER BY line;

-- name: next_telling
-- Number what is told of commendations of files.
SELECT nextval('commendation_tellings') AS sequence;

-- name: compare_commendations
-- Refuse the rows whose id is known with other data; of what quality told the note is not compared.
UPDATE judged_commendations AS judged SET reason = 'id_known'
FROM commendation_facts AS kept
WHERE judged.reason IS NULL AND kept.hall = %(hall)s AND kept.commendation = judged.id::uuid
    AND (kept.department, kept.kind, kept.received_on, coalesce(kept.note_digest, md5(judged.note)))
        <> (judged.department, judged.kind, judged.received_on, md5(judged.note));

-- name: words_of_commendations
-- What people wrote into the rows of a chunk.
SELECT line, note AS words FROM judged_commendations WHERE reason IS NULL AND note <> '';

-- name: refuse_words_of_commendations
-- Refuse the rows that name a person.
UPDATE judged_commendations SET reason = 'personal_data' WHERE line = ANY(%(lines)s);
