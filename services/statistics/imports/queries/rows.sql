-- name: make_staged
-- Make this session's table of lines.
CREATE TEMPORARY TABLE staged (LIKE staged INCLUDING ALL) ON COMMIT DELETE ROWS;

-- name: make_judged
-- Make this session's table of rows.
CREATE TEMPORARY TABLE judged (LIKE judged INCLUDING ALL) ON COMMIT DELETE ROWS;

-- name: spot_repeated
-- Mark rows whose key an earlier row of the chunk has.
UPDATE judged SET again = true
FROM (SELECT key, min(line) AS first FROM judged WHERE reason IS NULL GROUP BY key HAVING count(*) > 1) AS repeated
WHERE judged.key = repeated.key AND judged.line > repeated.first AND judged.reason IS NULL;

-- name: refuse_rows
-- Keep which lines of a chunk were refused; of a key that is none, and may name a person, only its ends.
INSERT INTO import_refusals (hall, import, line, reason, key)
SELECT %(hall)s, %(id)s, line, reason,
    CASE WHEN reason NOT IN ('number_malformed', 'id_malformed', 'personal_data') THEN left(key, 64)
        ELSE concat(substring(key FROM '^[0-9]{1,4}'), '****', substring(key FROM '[0-9]{2}$')) END
FROM judged WHERE reason IS NOT NULL;

-- name: refuse_words
-- Refuse the rows that name a person.
UPDATE judged SET reason = 'personal_data' WHERE line = ANY(%(lines)s);
