-- Outbox, inbox and answered commands: the same in every service's database.
-- depends:

CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type       text NOT NULL,
    body       json NOT NULL,
    created_at timestamptz NOT NULL
);

-- One row: how many events this service has published; gives each event its position.
CREATE TABLE relay (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO relay DEFAULT VALUES;

CREATE TABLE inbox (
    event_id    uuid PRIMARY KEY,
    received_at timestamptz NOT NULL
);
CREATE INDEX inbox_received_at ON inbox (received_at);

CREATE TABLE commands (
    command_id  text PRIMARY KEY,
    fingerprint text NOT NULL,
    answer      json,
    created_at  timestamptz NOT NULL
);
CREATE INDEX commands_created_at ON commands (created_at);
