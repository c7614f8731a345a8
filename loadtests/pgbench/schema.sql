-- The rows of a ticket issue, as plain as they can be: what pgbench writes beside the whole hall.
CREATE TABLE queue_days (queue integer PRIMARY KEY, last_number integer NOT NULL) WITH (fillfactor = 50);
CREATE TABLE tickets (
    id uuid PRIMARY KEY, queue integer NOT NULL, number integer NOT NULL, item text NOT NULL, class text NOT NULL,
    channel text NOT NULL, state text NOT NULL, issued_at timestamptz NOT NULL, p50_s integer, p90_s integer,
    UNIQUE (queue, number)
);
CREATE INDEX waiting_tickets ON tickets (queue) WHERE state = 'waiting';
CREATE TABLE ticket_states (
    ticket uuid NOT NULL, version integer NOT NULL, state text NOT NULL, entered_at timestamptz NOT NULL,
    left_at timestamptz, PRIMARY KEY (ticket, version)
);
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, type text NOT NULL, body json NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE commands (
    command_id text PRIMARY KEY, fingerprint text NOT NULL, answer json, created_at timestamptz NOT NULL
);
