-- name: keep_items
-- Copy items' names; an older version than the kept one changes nothing.
INSERT INTO items (hall, code, name, name_en, sequence)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, sequence = excluded.sequence
WHERE excluded.sequence > items.sequence;

-- name: keep_place
-- Copy the name of a department or zone; an older version than the kept one changes nothing.
INSERT INTO places (hall, kind, code, name, name_en, sequence)
VALUES (%(hall)s, %(kind)s, %(code)s, %(name)s, %(name_en)s, %(sequence)s)
ON CONFLICT (hall, kind, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, sequence = excluded.sequence
WHERE excluded.sequence > places.sequence;

-- name: keep_queue
-- Copy where a department has a queue; an older version than the kept one changes nothing.
INSERT INTO queues (hall, code, department, zone, sequence)
VALUES (%(hall)s, %(code)s, %(department)s, %(zone)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE
SET department = excluded.department, zone = excluded.zone, sequence = excluded.sequence
WHERE excluded.sequence > queues.sequence;

-- name: place_of
-- The name of a department, and those of the zones in which it has queues.
SELECT coalesce(CASE WHEN %(language)s = 'en' THEN name_en END, name) AS department, ARRAY(
    SELECT DISTINCT coalesce(CASE WHEN %(language)s = 'en' THEN zone.name_en END, zone.name) FROM queues
    JOIN places AS zone ON zone.hall = queues.hall AND zone.kind = 'zone' AND zone.code = queues.zone
    WHERE queues.hall = places.hall AND queues.department = places.code ORDER BY 1) AS zones
FROM places WHERE hall = %(hall)s AND kind = 'department' AND code = %(department)s;

-- name: wording
-- What a message is worded with: the text a hall has saved for its kind and language, and the names of its item.
SELECT (SELECT text FROM templates WHERE hall = %(hall)s AND kind = %(kind)s AND language = %(language)s) AS template,
    (SELECT coalesce(CASE WHEN %(language)s = 'en' THEN name_en END, name) FROM items
        WHERE hall = %(hall)s AND code = %(item)s) AS item;

-- name: keep_appointments
-- Keep the newest state of each appointment of a batch, in the order of their ids, and hold their rows; returns what is kept.
INSERT INTO appointments AS kept (hall, id, state, sequence, heard_at)
SELECT DISTINCT ON (hall, id) *, %(at)s::timestamptz
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, id text, state text, sequence bigint)
ORDER BY hall, id, sequence DESC
ON CONFLICT (hall, id) DO UPDATE
SET state = CASE WHEN excluded.sequence > kept.sequence THEN excluded.state ELSE kept.state END,
    sequence = greatest(excluded.sequence, kept.sequence), heard_at = excluded.heard_at
RETURNING hall, id, state;

-- name: forget_appointments
-- Appointments of which nothing was heard for long.
DELETE FROM appointments WHERE heard_at < %(before)s;

-- name: keep_orders
-- Keep the newest fact of each order of a batch, in the order of their ids, and hold their rows; returns what is kept.
INSERT INTO orders AS kept (hall, id, sequence, heard_at)
SELECT hall, id, max(sequence), %(at)s::timestamptz
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, id text, sequence bigint)
GROUP BY hall, id ORDER BY hall, id
ON CONFLICT (hall, id) DO UPDATE
SET sequence = greatest(excluded.sequence, kept.sequence), heard_at = excluded.heard_at
RETURNING hall, id, sequence, told;

-- name: note_told
-- Note what an applicant knows of a visit from now on; null when none is planned.
UPDATE orders SET told = %(told)s::jsonb WHERE hall = %(hall)s AND id = %(id)s;

-- name: forget_orders
-- Orders of which nothing was heard for long.
DELETE FROM orders WHERE heard_at < %(before)s;

-- name: add_delivery
-- A message, unless its cause has one; no row then.
WITH added AS (
    INSERT INTO deliveries (hall, id, kind, cause, source, source_id, language, "values", due_at, expires_at, state,
                            tries, not_before, version)
    VALUES (%(hall)s, %(id)s, %(kind)s, %(cause)s, %(source)s, %(source_id)s, %(language)s, %(values)s::json,
            %(due_at)s, %(expires_at)s, 'due', 0, %(not_before)s, 1)
    ON CONFLICT (hall, cause) DO NOTHING
    RETURNING hall, id
)
INSERT INTO delivery_states (hall, delivery, version, state, entered_at)
SELECT hall, id, 1, 'due', %(at)s FROM added;

-- name: next_due
-- The next message to send that nobody else is sending; its row is held until the end of the transaction.
SELECT hall, id::text, kind, cause, source, source_id, language, "values", due_at, expires_at, state, text, phone, tries,
       sent_at, fault, sealed, version
FROM deliveries
WHERE state = 'due' AND due_at <= %(at)s AND not_before <= %(real)s
ORDER BY due_at, id LIMIT 1
FOR UPDATE SKIP LOCKED;

-- name: due_to_drop
-- Messages of appointments or orders that are out of date, held.
SELECT hall, id::text, kind, cause, source, source_id, language, "values", due_at, expires_at, state, text, phone, tries,
       sent_at, fault, sealed, version
FROM deliveries
WHERE hall = %(hall)s AND source = %(source)s AND source_id = ANY(%(ids)s) AND state = 'due'
  AND kind = ANY(%(kinds)s)
ORDER BY id FOR UPDATE;

-- name: delivery_to_change
-- A message, held.
SELECT hall, id::text, kind, cause, source, source_id, language, "values", due_at, expires_at, state, text, phone, tries,
       sent_at, fault, sealed, version
FROM deliveries WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: save_delivery
-- What became of a message that stays in its state.
UPDATE deliveries
SET state = %(state)s, text = %(text)s, phone = %(phone)s, tries = %(tries)s, sent_at = %(sent_at)s,
    fault = %(fault)s, sealed = %(sealed)s, version = %(version)s, not_before = %(not_before)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: enter_state
-- What became of a message that has gone to another state.
WITH changed AS (
    UPDATE deliveries
    SET state = %(state)s, text = %(text)s, phone = %(phone)s, tries = %(tries)s, sent_at = %(sent_at)s,
        fault = %(fault)s, sealed = %(sealed)s, channel = %(channel)s, version = %(version)s, not_before = %(not_before)s
    WHERE hall = %(hall)s AND id = %(id)s
), ended AS (
    UPDATE delivery_states SET left_at = %(at)s
    WHERE hall = %(hall)s AND delivery = %(id)s AND left_at IS NULL
    RETURNING hall, delivery
)
INSERT INTO delivery_states (hall, delivery, version, state, entered_at)
SELECT hall, delivery, %(version)s, %(state)s, %(at)s FROM ended;

-- name: deliveries
-- Messages, the latest due first, from one on.
SELECT hall, id::text, kind, cause, source, source_id, language, "values", due_at, expires_at, state, text, phone, tries,
       sent_at, fault, sealed, version
FROM deliveries
WHERE hall = %(hall)s AND (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(code)s::text IS NULL OR "values" ->> 'reference' = %(code)s OR "values" ->> 'number' = %(code)s
    OR phone LIKE %(phone)s)
  AND (%(due_at)s::timestamptz IS NULL OR (due_at, id) < (%(due_at)s, %(id)s::uuid))
ORDER BY due_at DESC, id DESC LIMIT %(limit)s;

-- name: sent
-- How many messages were sent in a time, by kind and channel.
SELECT kind, channel, count(*) FROM deliveries
WHERE hall = %(hall)s AND state = 'sent' AND sent_at >= %(since)s AND sent_at < %(until)s
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
GROUP BY kind, channel ORDER BY kind, channel;

-- name: templates
-- The texts a hall has saved.
SELECT kind, language, text FROM templates WHERE hall = %(hall)s ORDER BY kind, language;

-- name: save_template
-- Another text.
INSERT INTO templates (hall, kind, language, text, saved_at, saved_by)
VALUES (%(hall)s, %(kind)s, %(language)s, %(text)s, %(at)s, %(by)s)
ON CONFLICT (hall, kind, language) DO UPDATE
SET text = excluded.text, saved_at = excluded.saved_at, saved_by = excluded.saved_by;

-- name: sealed_under
-- Sealed rows by the id of their key.
SELECT split_part(sealed, ':', 1) AS key, count(*) AS rows FROM deliveries WHERE sealed IS NOT NULL
GROUP BY 1 ORDER BY 1;

-- name: sealed_under_others
-- Rows to seal anew that nobody else has in hand.
SELECT hall, id::text, sealed FROM deliveries
WHERE sealed IS NOT NULL AND split_part(sealed, ':', 1) <> %(key)s
ORDER BY hall, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: save_sealed
-- A row sealed under another key.
UPDATE deliveries SET sealed = %(sealed)s WHERE hall = %(hall)s AND id = %(id)s;

-- name: keep_trail_head
-- Keep where the trail of the staff ended.
INSERT INTO trail_heads (hall, number, link, told_at) VALUES (%(hall)s, %(number)s, %(link)s, %(told_at)s)
ON CONFLICT (number, link, hall) DO NOTHING;

-- name: trail_heads
-- Where the trail of the staff ended, behind a number, and last.
(SELECT number, link FROM trail_heads WHERE hall = %(hall)s AND number > %(after)s
    ORDER BY number FETCH FIRST %(limit)s ROWS WITH TIES)
UNION
(SELECT number, link FROM trail_heads WHERE hall = %(hall)s ORDER BY number DESC FETCH FIRST 1 ROW WITH TIES)
ORDER BY number;
