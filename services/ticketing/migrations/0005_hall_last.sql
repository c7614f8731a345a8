-- Ticketing: `hall` stands last in the indexes of the tables that grow.
-- depends: 0004_weight_inline

-- A database has one hall nearly always. While a table has no statistics PostgreSQL cannot know that: an index that
-- begins with `hall` looks to it as good as any other that does, and for one ticket it read all of the hall's, by plans
-- that connections keep until the first ANALYZE. Where `hall` stands last, only the index that was made for a question
-- serves it. `served_tickets` stays as it was: with `finished_at` first, a table read whole looks cheaper to the planner.

ALTER TABLE ticket_states DROP CONSTRAINT ticket_states_hall_ticket_fkey;
ALTER TABLE calls DROP CONSTRAINT calls_hall_ticket_fkey;
ALTER TABLE evaluations DROP CONSTRAINT evaluations_hall_ticket_fkey;
ALTER TABLE contacts DROP CONSTRAINT contacts_hall_ticket_fkey;
ALTER TABLE evaluation_steps DROP CONSTRAINT evaluation_steps_hall_ticket_fkey;

ALTER TABLE tickets
    DROP CONSTRAINT tickets_hall_issued_queue_business_date_ordinal_key,
    DROP CONSTRAINT tickets_pkey,
    ADD UNIQUE (issued_queue, business_date, ordinal, hall),
    ADD PRIMARY KEY (id, hall);
DROP INDEX open_tickets, set_aside_tickets, waiting_tickets, one_ticket_an_appointment, one_ticket_at_a_window;
CREATE INDEX open_tickets ON tickets (business_date, hall)
    WHERE state IN ('waiting', 'called', 'serving', 'on_hold', 'missed');
CREATE INDEX set_aside_tickets ON tickets (department, hall) WHERE state IN ('on_hold', 'missed');
CREATE INDEX waiting_tickets ON tickets (queue, hall) WHERE state = 'waiting';
CREATE UNIQUE INDEX one_ticket_an_appointment ON tickets (appointment, hall) WHERE appointment IS NOT NULL;
CREATE UNIQUE INDEX one_ticket_at_a_window ON tickets ("window", hall) WHERE state IN ('called', 'serving');

ALTER TABLE ticket_states DROP CONSTRAINT ticket_states_pkey, ADD PRIMARY KEY (ticket, version, hall);
DROP INDEX one_open_state;
CREATE UNIQUE INDEX one_open_state ON ticket_states (ticket, hall) WHERE left_at IS NULL;

ALTER TABLE calls DROP CONSTRAINT calls_pkey, ADD PRIMARY KEY (id, hall);
DROP INDEX calls_of_a_ticket, calls_of_a_zone;
CREATE INDEX calls_of_a_ticket ON calls (ticket, hall);
CREATE INDEX calls_of_a_zone ON calls (zone, called_at, hall);

ALTER TABLE contacts DROP CONSTRAINT contacts_pkey, ADD PRIMARY KEY (ticket, hall);
DROP INDEX contacts_by_date, contacts_to_tell;
CREATE INDEX contacts_by_date ON contacts (business_date, hall);
CREATE INDEX contacts_to_tell ON contacts (business_date, hall) WHERE told_at IS NULL;

ALTER TABLE evaluations DROP CONSTRAINT evaluations_pkey, ADD PRIMARY KEY (ticket, hall);
DROP INDEX evaluations_by_age;
CREATE INDEX evaluations_by_age ON evaluations (recorded_at, ticket, hall);

ALTER TABLE evaluation_steps DROP CONSTRAINT evaluation_steps_pkey, ADD PRIMARY KEY (ticket, version, hall);
DROP INDEX one_present_step;
CREATE UNIQUE INDEX one_present_step ON evaluation_steps (ticket, hall) WHERE left_at IS NULL;

ALTER TABLE window_sessions DROP CONSTRAINT window_sessions_pkey, ADD PRIMARY KEY ("window", signed_in_at, hall);
DROP INDEX sessions_by_time, one_open_session;
CREATE INDEX sessions_by_time ON window_sessions (signed_in_at, hall);
CREATE UNIQUE INDEX one_open_session ON window_sessions ("window", hall) WHERE signed_out_at IS NULL;

ALTER TABLE ticket_states ADD FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id);
ALTER TABLE calls ADD FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id);
ALTER TABLE evaluations ADD FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id);
ALTER TABLE contacts ADD FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id);
ALTER TABLE evaluation_steps ADD FOREIGN KEY (hall, ticket) REFERENCES evaluations (hall, ticket);
