-- Notifications: messages of on-site orders.
-- depends: 0001_notifications

ALTER TABLE deliveries DROP CONSTRAINT deliveries_source_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_source_check
    CHECK (source IN ('appointment', 'ticket', 'code', 'onsite_order')) NOT VALID;

-- The newest fact of each order that was heard of: what an older one would have told is told no more.
CREATE TABLE orders (
    hall text NOT NULL, id text NOT NULL,
    sequence bigint NOT NULL,
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX orders_heard ON orders (heard_at);
