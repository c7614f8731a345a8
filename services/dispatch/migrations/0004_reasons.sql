-- Dispatch: why a day is planned anew without a dispatcher's asking.
-- depends: 0003_leftovers

ALTER TABLE plans ADD COLUMN reasons text[] NOT NULL DEFAULT '{}'
    CHECK (reasons <@ ARRAY['absence', 'crew', 'urgent_order', 'failed_visit', 'order_gone']);
