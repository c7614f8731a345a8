-- Notifications: messages with their states, texts, and what is known of appointments and items.
-- depends: 0001_bus

-- Copies of the names of items.
CREATE TABLE items (
    hall text NOT NULL, code text NOT NULL,
    name text NOT NULL,
    name_en text,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- The newest state of each appointment that was heard of.
CREATE TABLE appointments (
    hall text NOT NULL, id text NOT NULL,
    state text NOT NULL,
    sequence bigint NOT NULL,
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX appointments_heard ON appointments (heard_at);

-- Texts that a hall has saved instead of the ones that come with the service.
CREATE TABLE templates (
    hall text NOT NULL, kind text NOT NULL,
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    saved_at timestamptz NOT NULL,
    saved_by text,
    PRIMARY KEY (hall, kind, language)
);

-- Messages and their states:
--   due    -> sent | failed | dropped (out of date, or nobody to tell)
--   failed -> due (tried again by hand)
CREATE TABLE deliveries (
    hall text NOT NULL, id uuid NOT NULL,
    kind text NOT NULL,
    -- What it is told for; each is told once.
    cause text NOT NULL,
    source text NOT NULL CHECK (source IN ('appointment', 'ticket', 'code')),
    source_id text NOT NULL,
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    "values" json NOT NULL,
    due_at timestamptz NOT NULL,
    expires_at timestamptz,
    state text NOT NULL CHECK (state IN ('due', 'sent', 'failed', 'dropped')),
    text text,
    -- Masked.
    phone text CHECK (phone LIKE '%****%'),
    tries integer NOT NULL CHECK (tries BETWEEN 0 AND 5),
    -- In real time, as all timeouts.
    not_before timestamptz NOT NULL,
    sent_at timestamptz CHECK ((sent_at IS NOT NULL) = (state = 'sent')),
    fault text,
    -- Phone and code under the active key of personal data, from the hand-over of a one-time code until it is sent.
    sealed text CHECK (state = 'due' OR sealed IS NULL),
    version integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, id),
    UNIQUE (hall, cause)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'due';
CREATE INDEX deliveries_source ON deliveries (hall, source, source_id);
CREATE INDEX deliveries_listed ON deliveries (hall, due_at DESC, id DESC);
CREATE INDEX deliveries_sealed ON deliveries (hall, id) WHERE sealed IS NOT NULL;

CREATE TABLE delivery_states (
    hall text NOT NULL, delivery uuid NOT NULL, version integer NOT NULL,
    state text NOT NULL,
    entered_at timestamptz NOT NULL,
    left_at timestamptz,
    PRIMARY KEY (hall, delivery, version),
    FOREIGN KEY (hall, delivery) REFERENCES deliveries (hall, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX delivery_states_one_now ON delivery_states (hall, delivery) WHERE left_at IS NULL;
