-- Workbooks that administrators send: checked as a whole, looked at, and applied step by step.
-- depends: 0004_places_told

-- uploading -> checking -> checked -> applying -> applied; checking -> faulty; checking, applying -> failed;
-- uploading, checking, checked -> cancelled.
CREATE TABLE workbooks (
    hall         text NOT NULL,
    id           uuid NOT NULL,
    file_name    text NOT NULL,
    digest       text NOT NULL,
    size         integer NOT NULL CHECK (size > 0),
    parts        integer CHECK (parts > 0),
    -- Applied without being asked once more, unless it is a trial.
    dry_run      boolean NOT NULL,
    state        text NOT NULL CHECK (
        state IN ('uploading', 'checking', 'checked', 'faulty', 'applying', 'applied', 'failed', 'cancelled')
    ),
    -- What it says, kept until it has ended.
    tables       json,
    faults       json,
    changes      json,
    effects      json,
    steps        text[] NOT NULL DEFAULT '{}',
    failure      text,
    attempts     integer NOT NULL DEFAULT 0,
    requested_by text,
    requested_at timestamptz NOT NULL,
    applied_by   text,
    finished_at  timestamptz,
    PRIMARY KEY (hall, id),
    CHECK ((state IN ('faulty', 'applied', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK (finished_at IS NULL OR tables IS NULL)
);
CREATE INDEX workbooks_to_do ON workbooks (requested_at) WHERE state IN ('checking', 'applying');
-- Two workbooks applied at once would mix.
CREATE UNIQUE INDEX workbooks_applying ON workbooks (hall) WHERE state = 'applying';

-- A workbook until it is checked, in pieces.
CREATE TABLE workbook_parts (
    hall     text NOT NULL,
    workbook uuid NOT NULL,
    part     integer NOT NULL CHECK (part >= 0),
    content  bytea NOT NULL,
    PRIMARY KEY (hall, workbook, part),
    FOREIGN KEY (hall, workbook) REFERENCES workbooks ON DELETE CASCADE
);
