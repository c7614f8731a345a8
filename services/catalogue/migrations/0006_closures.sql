-- Closures: when the hall, a department or a window does not serve though the calendar says so.
-- depends: 0005_workbooks

CREATE TABLE closures (
    hall        text NOT NULL,
    id          uuid NOT NULL,
    -- Neither stands for the whole hall.
    department  text,
    window_code text,
    starts_at   timestamptz NOT NULL,
    -- As it was announced; one that ended early, or was called off before it began, has `ended_at` too.
    ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
    reason      text NOT NULL,
    reason_en   text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text,
    ended_at    timestamptz CHECK (ended_at < ends_at),
    ended_by    text CHECK (ended_by IS NULL OR ended_at IS NOT NULL),
    version     integer NOT NULL CHECK (version > 0),
    PRIMARY KEY (hall, id),
    CHECK (department IS NULL OR window_code IS NULL),
    FOREIGN KEY (hall) REFERENCES halls,
    FOREIGN KEY (hall, department) REFERENCES departments,
    FOREIGN KEY (hall, window_code) REFERENCES windows
);
CREATE INDEX closures_by_start ON closures (hall, starts_at);
