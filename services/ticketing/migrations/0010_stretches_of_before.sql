-- Ticketing: which visits were sent on before there were stretches, so that these are made of what is known of them.
-- depends: 0009_no_start_made_up

-- A job takes a visit from here, makes its stretches of its states and tells them once; then the row is gone.
CREATE TABLE visits_without_stretches (
    hall text NOT NULL, ticket uuid NOT NULL,
    PRIMARY KEY (ticket, hall),
    FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id)
);
INSERT INTO visits_without_stretches (hall, ticket)
SELECT hall, id FROM tickets JOIN (
    SELECT hall, ticket AS id, count(*) AS times FROM ticket_states WHERE state = 'transferred' GROUP BY hall, ticket
) AS sent_on USING (hall, id)
WHERE times > (SELECT count(*) FROM jsonb_array_elements(past) AS each WHERE each ->> 'state' = 'transferred');
