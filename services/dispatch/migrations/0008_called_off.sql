-- Dispatch: a visit may be called off while its crew is on its way; the crew it was taken from sees that.
-- depends: 0007_kept_whole

-- `crew_before` is the crew whose route an order was on when it was called off; no foreign key, which would lock the crew
-- after the order, while crews that act lock themselves first.
ALTER TABLE orders
    ADD COLUMN crew_before text,
    DROP CONSTRAINT orders_check6,
    ADD CONSTRAINT departed_when_a_crew_left CHECK (
        CASE WHEN state IN ('en_route', 'on_site', 'done', 'failed_visit') THEN departed_at IS NOT NULL
            ELSE departed_at IS NULL OR state = 'cancelled' END),
    ADD CONSTRAINT taken_from_a_crew CHECK (crew_before IS NULL OR state = 'cancelled');
CREATE INDEX orders_taken_from_a_crew ON orders (crew_before, day, hall) WHERE crew_before IS NOT NULL;
