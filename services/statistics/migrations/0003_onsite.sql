-- Statistics: what was heard of on-site orders, the newest of each.
-- depends: 0002_appointments

-- One row an order: its state after the event with the highest sequence. The business date is that of its window.
CREATE TABLE onsite_facts (
    hall text NOT NULL,
    onsite_order text NOT NULL,
    sequence bigint NOT NULL,
    business_date date NOT NULL,
    department text NOT NULL,
    crew text,
    state text NOT NULL,
    on_time boolean,
    travel_s integer CHECK (travel_s >= 0),
    service_s integer CHECK (service_s >= 0),
    cases integer NOT NULL CHECK (cases >= 0),
    PRIMARY KEY (hall, onsite_order)
) WITH (fillfactor = 70);
CREATE INDEX onsite_of_a_date ON onsite_facts (hall, business_date);

ALTER TABLE names DROP CONSTRAINT names_kind_check;
ALTER TABLE names ADD CONSTRAINT names_kind_check CHECK (kind IN ('department', 'item', 'queue', 'crew')) NOT VALID;
