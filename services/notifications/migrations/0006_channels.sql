-- Notifications: by which channel a message was sent, and a day's messages found by when they were.
-- depends: 0005_places

-- Null where it was sent before this was noted.
ALTER TABLE deliveries
    ADD COLUMN channel text CHECK (channel IN ('sms', 'local')),
    ADD CHECK (channel IS NULL OR state = 'sent');
CREATE INDEX deliveries_sent ON deliveries (sent_at, hall) WHERE state = 'sent';
