-- Ticketing: a call counts for its window, also where nobody came.
-- depends: 0010_stretches_of_before

-- The window of the last call in the present stretch; "window" is where the ticket is or was served, and empty after a miss.
ALTER TABLE tickets ADD COLUMN called_to text;
UPDATE tickets SET called_to = "window" WHERE state IN ('called', 'serving', 'on_hold');
UPDATE tickets SET called_to = last."window"
FROM (SELECT DISTINCT ON (hall, ticket) hall, ticket, "window", called_at FROM calls ORDER BY hall, ticket, id DESC) AS last
WHERE tickets.hall = last.hall AND tickets.id = last.ticket AND tickets."window" IS NULL AND first_called_at IS NOT NULL
    AND last.called_at >= stretch_at;
