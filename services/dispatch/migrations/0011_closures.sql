-- Dispatch: when the hall or a department is closed though the calendar says that it serves.
-- depends: 0010_hours

CREATE TABLE closures (
    hall text NOT NULL, id text NOT NULL,
    department text, "window" text,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, id)
);
