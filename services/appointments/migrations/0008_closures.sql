-- Appointments: when the hall, a department or a window is closed though the calendar says that it serves.
-- depends: 0007_arrived_by

CREATE TABLE closures (
    hall text NOT NULL, id text NOT NULL,
    department text, "window" text,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, id)
);
