-- Cases: `hall` stands last in the indexes of the tables that grow.
-- depends: 0002_on_site

-- Why: see ticketing's 0005_hall_last.

ALTER TABLE case_states DROP CONSTRAINT case_states_hall_number_fkey;

ALTER TABLE cases
    DROP CONSTRAINT cases_hall_year_serial_key,
    DROP CONSTRAINT cases_pkey,
    ADD UNIQUE (year, serial, hall),
    ADD PRIMARY KEY (number, hall);
DROP INDEX cases_of_a_ticket, one_case_an_acceptance_on_site;
CREATE INDEX cases_of_a_ticket ON cases (ticket, hall);
CREATE UNIQUE INDEX one_case_an_acceptance_on_site ON cases (onsite_order, onsite_nth, hall)
    WHERE onsite_order IS NOT NULL;

ALTER TABLE case_states DROP CONSTRAINT case_states_pkey, ADD PRIMARY KEY (number, version, hall);
DROP INDEX one_open_case_state;
CREATE UNIQUE INDEX one_open_case_state ON case_states (number, hall) WHERE left_at IS NULL;

ALTER TABLE case_states ADD FOREIGN KEY (hall, number) REFERENCES cases (hall, number);
