\set queue random(1, 60)
WITH numbered AS (
    INSERT INTO queue_days AS day (queue, last_number) VALUES (:queue::integer, 1)
    ON CONFLICT (queue) DO UPDATE SET last_number = day.last_number + 1 RETURNING last_number
), issued AS (
    INSERT INTO tickets
    SELECT gen_random_uuid(), :queue::integer, last_number, 'item', 'walk_in', 'kiosk', 'waiting', now(), 300, 600
    FROM numbered RETURNING id, number
), entered AS (
    INSERT INTO ticket_states SELECT id, 1, 'waiting', now(), NULL FROM issued
), told AS (
    INSERT INTO outbox (type, body, created_at)
    SELECT 'ticketing.ticket.issued', json_build_object('specversion', '1.0', 'id', gen_random_uuid(),
        'source', '/hallflow/ticketing', 'type', 'ticketing.ticket.issued', 'subject', id, 'time', now(),
        'hall', 'main', 'sequence', 1, 'data', json_build_object('id', id, 'number', number, 'queue', :queue::integer,
        'item', 'item', 'class', 'walk_in', 'channel', 'kiosk', 'state', 'waiting', 'issued_at', now(),
        'p50_s', 300, 'p90_s', 600)), now() FROM issued
)
INSERT INTO commands
SELECT gen_random_uuid()::text, 'fingerprint', json_build_object('id', id, 'number', number, 'state', 'waiting'), now()
FROM issued;
