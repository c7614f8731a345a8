-- Notifications: `hall` stands last in the indexes of the tables that grow.
-- depends: 0003_told_visits

-- Why: see ticketing's 0005_hall_last.

ALTER TABLE delivery_states DROP CONSTRAINT delivery_states_hall_delivery_fkey;

ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_hall_cause_key,
    DROP CONSTRAINT deliveries_pkey,
    ADD UNIQUE (cause, hall),
    ADD PRIMARY KEY (id, hall);
DROP INDEX deliveries_listed, deliveries_sealed, deliveries_source;
CREATE INDEX deliveries_listed ON deliveries (due_at DESC, id DESC, hall);
CREATE INDEX deliveries_sealed ON deliveries (id, hall) WHERE sealed IS NOT NULL;
CREATE INDEX deliveries_source ON deliveries (source, source_id, hall);

ALTER TABLE delivery_states DROP CONSTRAINT delivery_states_pkey, ADD PRIMARY KEY (delivery, version, hall);
DROP INDEX delivery_states_one_now;
CREATE UNIQUE INDEX delivery_states_one_now ON delivery_states (delivery, hall) WHERE left_at IS NULL;

ALTER TABLE delivery_states ADD FOREIGN KEY (hall, delivery) REFERENCES deliveries (hall, id) ON DELETE CASCADE;
