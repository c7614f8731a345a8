-- Statistics: an import can be taken back as a whole, and says what stood where its columns were awaited.
-- depends: 0012_hall_calendar

-- An import that is to be taken back has `take_back_at` until the analyst process has done so, then `taken_back_at`.
ALTER TABLE imports
    ADD COLUMN found text,
    ADD COLUMN take_back_at timestamptz,
    ADD COLUMN taken_back_at timestamptz,
    ADD COLUMN taken_back_by text,
    ADD COLUMN rows_removed bigint,
    ADD CHECK (take_back_at IS NULL OR state IN ('done', 'failed')),
    ADD CHECK ((taken_back_at IS NULL) = (rows_removed IS NULL));
CREATE INDEX imports_to_take_back ON imports (take_back_at) WHERE taken_back_at IS NULL AND take_back_at IS NOT NULL;

-- Which import brought a case; none for those that events told of first.
ALTER TABLE case_numbers ADD COLUMN import uuid;

-- Imports that had a row which another had brought before: when that one is taken back, the row is theirs.
CREATE TABLE import_claims (
    hall text NOT NULL,
    number text NOT NULL,
    import uuid NOT NULL,
    PRIMARY KEY (hall, number, import),
    FOREIGN KEY (hall, import) REFERENCES imports
);
