-- Dispatch: `hall` stands last in the indexes of the tables that grow.
-- depends: 0004_reasons

-- Why: see ticketing's 0005_hall_last.

ALTER TABLE order_states DROP CONSTRAINT order_states_hall_order_fkey;
ALTER TABLE plan_work DROP CONSTRAINT plan_work_hall_plan_fkey;

ALTER TABLE orders
    DROP CONSTRAINT orders_hall_reference_key,
    DROP CONSTRAINT orders_pkey,
    ADD UNIQUE (reference, hall),
    ADD PRIMARY KEY (id, hall);
DROP INDEX orders_listed, orders_not_erased, orders_of_a_crew, orders_of_a_day, orders_of_a_person, orders_open,
    one_visit_a_crew;
CREATE INDEX orders_listed ON orders (created_at, id, hall);
CREATE INDEX orders_not_erased ON orders (coalesce(ended_at, window_to), hall) WHERE erased_at IS NULL;
CREATE INDEX orders_of_a_crew ON orders (crew, day, hall);
CREATE INDEX orders_of_a_day ON orders (day, created_at, hall);
CREATE INDEX orders_of_a_person ON orders (phone_hash, created_at, hall);
CREATE INDEX orders_open ON orders (window_to, id, hall)
    WHERE state IN ('requested', 'screened', 'scheduled', 'assigned', 'en_route', 'on_site');
CREATE UNIQUE INDEX one_visit_a_crew ON orders (crew, hall) WHERE state IN ('en_route', 'on_site');

ALTER TABLE order_states DROP CONSTRAINT order_states_pkey, ADD PRIMARY KEY ("order", version, hall);
DROP INDEX one_open_order_state;
CREATE UNIQUE INDEX one_open_order_state ON order_states ("order", hall) WHERE left_at IS NULL;

ALTER TABLE plans DROP CONSTRAINT plans_pkey, ADD PRIMARY KEY (id, hall);
DROP INDEX plans_by_age, plans_of_a_date, one_current_plan_a_date;
CREATE INDEX plans_by_age ON plans (requested_at, hall);
CREATE INDEX plans_of_a_date ON plans (date, requested_at, hall);
CREATE UNIQUE INDEX one_current_plan_a_date ON plans (date, hall) WHERE current;

ALTER TABLE plan_work DROP CONSTRAINT plan_work_pkey, ADD PRIMARY KEY (plan, hall);

ALTER TABLE order_states ADD FOREIGN KEY (hall, "order") REFERENCES orders (hall, id);
ALTER TABLE plan_work ADD FOREIGN KEY (hall, plan) REFERENCES plans (hall, id);
