-- Dispatch: the numbers of cases accepted on the spot, and orders that are left over.
-- depends: 0002_plans

-- Items by the number that cases gave them, in whatever order that is heard.
ALTER TABLE orders ADD COLUMN case_numbers jsonb NOT NULL DEFAULT '{}';

CREATE INDEX orders_open ON orders (hall, window_to, id)
    WHERE state IN ('requested', 'screened', 'scheduled', 'assigned', 'en_route', 'on_site');
