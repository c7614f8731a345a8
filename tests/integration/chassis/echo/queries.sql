-- name: add_note
-- Keep a word.
INSERT INTO notes (hall, word) VALUES (%(hall)s, %(word)s) RETURNING id;

-- name: add_heard
-- Keep what was heard.
INSERT INTO heard (hall, word, type, position, batch)
VALUES (%(hall)s, %(word)s, %(type)s, %(position)s, %(batch)s);

-- name: rest
-- Stand before a gate until the test that closed it opens it.
SELECT 1 AS one FROM pg_advisory_xact_lock_shared(%(gate)s);

-- name: one_and_a_half
-- A number that has no JSON form.
SELECT 1.5::numeric AS number;
