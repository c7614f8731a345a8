-- Ticketing: the stretches of a visit, who was sent to a window, and why a visitor was chosen.
-- depends: 0006_dated

-- A ticket that was sent on has several stretches. `past` has those that are over, as JSON, each with the queue,
-- department, item and window it counts for; what was called, started, served and estimated is of the present one,
-- which began at `stretch_at`: by waiting when it is `queued`, else by going on at another window. `stretch_item` is
-- null where nobody knows what the visitor came for. Who waits `for_window` is called by no other.
ALTER TABLE tickets ADD COLUMN past jsonb NOT NULL DEFAULT '[]';
ALTER TABLE tickets ADD COLUMN stretch_at timestamptz;
ALTER TABLE tickets ADD COLUMN stretch_item text;
ALTER TABLE tickets ADD COLUMN queued boolean NOT NULL DEFAULT true;
ALTER TABLE tickets ADD COLUMN for_window text;

-- Of what was sent on before there were stretches the last one is known: nothing that was before it happened in it.
UPDATE tickets SET stretch_at = issued_at, stretch_item = item;
UPDATE tickets SET stretch_at = last.at, stretch_item = NULL,
    first_called_at = (SELECT min(entered_at) FROM ticket_states AS later WHERE later.hall = last.hall
        AND later.ticket = last.ticket AND later.version > last.version AND later.state = 'called'),
    called_at = (SELECT max(entered_at) FROM ticket_states AS later WHERE later.hall = last.hall
        AND later.ticket = last.ticket AND later.version > last.version AND later.state = 'called'),
    started_at = (SELECT min(entered_at) FROM ticket_states AS later WHERE later.hall = last.hall
        AND later.ticket = last.ticket AND later.version > last.version AND later.state = 'serving')
FROM (
    SELECT DISTINCT ON (hall, ticket) hall, ticket, version, entered_at AS at FROM ticket_states
    WHERE state = 'transferred' ORDER BY hall, ticket, version DESC
) AS last
WHERE last.hall = tickets.hall AND last.ticket = tickets.id;
-- Clocks of two machines may differ.
UPDATE tickets SET called_at = greatest(called_at, stretch_at), first_called_at = greatest(first_called_at, stretch_at),
    started_at = greatest(started_at, called_at, stretch_at)
WHERE called_at < stretch_at OR first_called_at < stretch_at OR started_at < called_at;
ALTER TABLE tickets ALTER COLUMN stretch_at SET NOT NULL;
ALTER TABLE tickets ADD CHECK (for_window IS NULL OR state = 'waiting');
ALTER TABLE tickets ADD CHECK (called_at >= stretch_at OR NOT queued);
ALTER TABLE tickets ADD CHECK (started_at >= called_at);
CREATE INDEX sent_to_a_window ON tickets ("for_window", hall) WHERE for_window IS NOT NULL;

-- A clerk may choose a visitor, and send one to a window: both with a reason.
ALTER TABLE calls DROP CONSTRAINT calls_rule_check;
ALTER TABLE calls ADD CONSTRAINT calls_rule_check CHECK (rule IN ('urgent', 'overdue', 'score', 'chosen', 'sent_on'));
ALTER TABLE calls ADD COLUMN reason text;

-- Whom a manager has signed out of which window, and why. Only ever added to.
CREATE TABLE freed_windows (
    hall text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    "window" text NOT NULL,
    clerk text NOT NULL,
    freed_by text NOT NULL,
    reason text NOT NULL,
    freed_at timestamptz NOT NULL,
    PRIMARY KEY (id, hall),
    FOREIGN KEY (hall, "window") REFERENCES windows (hall, code)
);

-- Evaluations count for the item of the stretch in which the visitor was served.
CREATE OR REPLACE VIEW evaluations_now AS
SELECT hall, ticket::text AS ticket, business_date, queue, department, stretch_item AS item, evaluations."window",
    evaluations.clerk, level, comment, recorded_at, CASE WHEN level <= 2 THEN coalesce(steps.state, 'open') END AS follow_up,
    owner, due_on, result, coalesce(steps.version, 1) AS version, ticket AS id
FROM evaluations
JOIN tickets USING (hall)
LEFT JOIN (SELECT * FROM evaluation_steps WHERE left_at IS NULL) AS steps USING (hall, ticket)
WHERE tickets.id = ticket;
