-- name: stage_commendations
-- Take lines as they come.
COPY staged (line, fault, key, department, kind, date, note) FROM STDIN (FORMAT csv);

-- name: judge_commendations
-- Read the lines of a chunk as rows, and say of each that cannot be taken why.
INSERT INTO judged (line, reason, again, key, department, kind, business_date, note)
SELECT line,
    CASE WHEN fault IS NOT NULL THEN fault
        WHEN key IS NULL THEN 'id_missing'
        WHEN key !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN 'id_malformed'
        WHEN department IS NULL THEN 'department_missing'
        WHEN NOT known THEN 'department_unknown'
        WHEN kind IS NULL THEN 'kind_missing'
        WHEN kind NOT IN ('letter', 'banner', 'plaque') THEN 'kind_unknown'
        WHEN received_text IS NULL THEN 'received_on_missing'
        WHEN received_on IS NULL THEN 'received_on_malformed'
        WHEN received_on < '2000-01-01' THEN 'received_on_too_early'
        WHEN received_on > %(today)s THEN 'received_on_in_future'
        WHEN length(note) > 500 THEN 'note_malformed' END,
    false, key, department, kind, received_on, coalesce(note, '')
FROM (
    SELECT line, fault, key, department, kind, date AS received_text, note,
        EXISTS (SELECT FROM departments WHERE hall = %(hall)s AND code = department) AS known,
        CASE WHEN is_day(date) THEN date::date END AS received_on
    FROM staged
    OFFSET 0
) AS told;

-- name: spot_known_commendations
-- Mark rows whose id is known. Nobody else adds any while it is this session's turn.
UPDATE judged SET again = true
FROM commendation_facts AS kept
WHERE kept.hall = %(hall)s AND judged.reason IS NULL AND NOT judged.again AND kept.commendation = judged.key::uuid;

-- name: take_commendations
-- Take the rows whose id is new.
INSERT INTO commendation_facts (hall, commendation, sequence, department, kind, received_on, withdrawn, note_digest,
    import)
SELECT %(hall)s, key::uuid, 0, department, kind, business_date, false, md5(note), %(id)s FROM judged
WHERE reason IS NULL AND NOT again
ORDER BY key;

-- name: taken_commendations
-- The rows that were taken, for quality.
SELECT key AS id, department, kind, business_date AS received_on, note FROM judged WHERE reason IS NULL AND NOT again ORDER BY line;

-- name: next_telling
-- Number what is told of commendations of files.
SELECT nextval('commendation_tellings') AS sequence;

-- name: compare_commendations
-- Refuse the rows whose id is known with other data; of what quality told the note is not compared.
UPDATE judged SET reason = 'id_known'
FROM commendation_facts AS kept
WHERE judged.reason IS NULL AND kept.hall = %(hall)s AND kept.commendation = judged.key::uuid
    AND (kept.department, kept.kind, kept.received_on, coalesce(kept.note_digest, md5(judged.note)))
        <> (judged.department, judged.kind, judged.business_date, md5(judged.note));

-- name: words_of_commendations
-- What people wrote into the rows of a chunk.
SELECT line, note AS words FROM judged WHERE reason IS NULL AND note <> '';

-- name: claim_commendations
-- Note that this import has rows too that another one brought.
INSERT INTO import_claims (hall, number, import, kind)
SELECT DISTINCT %(hall)s, judged.key, %(id)s::uuid, 'commendations'
FROM judged JOIN commendation_facts AS kept ON kept.hall = %(hall)s AND kept.commendation = judged.key::uuid
WHERE judged.again AND judged.reason IS NULL AND kept.import <> %(id)s
ON CONFLICT DO NOTHING;

-- name: take_back_commendations
-- Take the rows of an import away that quality told nothing of; those that another import has too become its own.
SELECT cardinality(gone) AS removed, gone AS told
FROM take_back('commendation_facts', 'commendation', 'commendations', %(hall)s, %(id)s) AS gone;
