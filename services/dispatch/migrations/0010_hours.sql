-- Dispatch: a day is planned anew, too, when its crews' breaks have changed with their department's hours.
-- depends: 0009_breaks

ALTER TABLE plans DROP CONSTRAINT plans_reasons_check;
ALTER TABLE plans ADD CONSTRAINT plans_reasons_check
    CHECK (reasons <@ ARRAY['absence', 'crew', 'hours', 'urgent_order', 'failed_visit', 'order_gone']) NOT VALID;
ALTER TABLE plans VALIDATE CONSTRAINT plans_reasons_check;
