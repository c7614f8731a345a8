-- Ticketing: when the hall, a department or a window is closed though the calendar says that it serves.
-- depends: 0012_same_phone

CREATE TABLE closures (
    hall text NOT NULL, id text NOT NULL,
    department text, "window" text,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    reason text NOT NULL, reason_en text NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, id)
);

-- The closures of which a visitor was told who waited when they began.
ALTER TABLE contacts ADD COLUMN closures_told text[] NOT NULL DEFAULT '{}';
