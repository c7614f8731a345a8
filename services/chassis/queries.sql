-- name: ping
-- Does the database answer?
SELECT 1 AS answer;

-- name: begin_command
-- Take a command id; no row when it was taken before (waits for one that is under way).
INSERT INTO commands (command_id, fingerprint, created_at)
VALUES (%(command_id)s, %(fingerprint)s, %(at)s)
ON CONFLICT (command_id) DO NOTHING
RETURNING command_id;

-- name: finish_command
-- Keep the answer of a command in the transaction of its effect.
UPDATE commands SET answer = %(answer)s::json WHERE command_id = %(command_id)s;

-- name: find_command
-- The answer that was given to a command id.
SELECT fingerprint, answer FROM commands WHERE command_id = %(command_id)s;

-- name: forget_commands
-- Idempotency keys are kept for a day.
DELETE FROM commands WHERE created_at < %(before)s;

-- name: add_event
-- Write an event into the outbox, in the transaction of the change it tells of.
INSERT INTO outbox (type, body, created_at) VALUES (%(type)s, %(body)s::json, %(at)s);

-- name: next_events
-- The oldest events that wait to be published.
SELECT id, type, body::text AS body FROM outbox ORDER BY id LIMIT %(limit)s;

-- name: relay_position
-- How many events this service has published.
SELECT position FROM relay;

-- name: events_published
-- Forget published events and move the position on, in one statement.
WITH gone AS (DELETE FROM outbox WHERE id = ANY(%(ids)s))
UPDATE relay SET position = %(position)s;

-- name: lead_relay
-- Become the one active relay of this service; false while another process is.
SELECT pg_try_advisory_lock(hashtext('hallflow.relay'), 1) AS leads;

-- name: outbox_backlog
-- How many events wait, and since when the oldest does.
SELECT count(*) AS waiting, min(created_at) AS oldest FROM outbox;

-- name: is_read_only
-- Whether changes are refused, as by a standby or where an operator says so.
SELECT current_setting('transaction_read_only')::bool AS is_read_only;

-- name: receive_events
-- Take note of events; gives back those that are new.
INSERT INTO inbox (event_id, received_at)
SELECT unnest(%(event_ids)s::uuid[]), %(at)s
ON CONFLICT (event_id) DO NOTHING
RETURNING event_id;

-- name: forget_received
-- Events are recognised for thirty days.
DELETE FROM inbox WHERE received_at < %(before)s;

-- name: wake_relay
-- Rouse the leading relay, which may be in another process.
SELECT pg_notify(%(channel)s, '');

-- name: token_number
-- Which token of a thing counts; no row while it is the first.
SELECT number FROM renewed_tokens WHERE id = %(id)s AND kind = %(kind)s AND hall = %(hall)s;

-- name: renew_token
-- Let the next token of a thing count.
INSERT INTO renewed_tokens (hall, kind, id, number, at) VALUES (%(hall)s, %(kind)s, %(id)s, 2, %(at)s)
ON CONFLICT (id, kind, hall) DO UPDATE SET number = renewed_tokens.number + 1, at = excluded.at
RETURNING number;

-- name: keep_token_number
-- Keep which token of another service's thing counts.
INSERT INTO renewed_tokens (hall, kind, id, number, at)
VALUES (%(hall)s, %(kind)s, %(id)s, %(number)s, %(at)s)
ON CONFLICT (id, kind, hall) DO UPDATE SET number = excluded.number, at = excluded.at
WHERE renewed_tokens.number < excluded.number;
