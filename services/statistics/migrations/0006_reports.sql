-- Statistics: reports of ended periods, fixed once they have been given.
-- depends: 0004_rollups

-- One row an edition. `content` is the report as text, so that it is given again to the byte; the print date is not in
-- it. `department` is empty in a report on the whole hall. Rows are never changed.
CREATE TABLE report_editions (
    hall text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('daily', 'monthly', 'quarterly', 'annual')),
    period text NOT NULL,
    first_day date NOT NULL,
    department text NOT NULL,
    edition integer NOT NULL CHECK (edition > 0),
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    reason text CHECK (reason IS NOT NULL OR edition = 1),
    content text NOT NULL,
    PRIMARY KEY (hall, kind, first_day, department, edition)
);
CREATE INDEX editions_by_period ON report_editions (hall, first_day DESC, kind, department, edition DESC);
