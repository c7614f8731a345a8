-- Statistics: reports as files, made one after the other beside the service and fetched when they are ready.
-- depends: 0010_stretches

-- One row a file that was asked for. States: queued → running → done | failed. `report` is what it is made of, `digest`
-- that of the report with the format, so the same report is made once. Times are real ones, since they order work and
-- end it; rows are forgotten a day after they were asked for.
CREATE TABLE documents (
    hall text NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    period text NOT NULL,
    department text,
    edition integer,
    format text NOT NULL CHECK (format IN ('xlsx', 'docx')),
    digest text NOT NULL,
    report text,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    attempts integer NOT NULL DEFAULT 0,
    file_name text,
    content bytea,
    fault text,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (hall, id),
    CHECK ((state = 'done') = (content IS NOT NULL)),
    CHECK ((state = 'failed') = (fault IS NOT NULL)),
    CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL)),
    CHECK ((state IN ('queued', 'running')) = (report IS NOT NULL))
);
CREATE INDEX documents_by_digest ON documents (digest, hall);
CREATE INDEX documents_to_make ON documents (requested_at) WHERE state IN ('queued', 'running');
CREATE INDEX documents_by_age ON documents (requested_at);

-- What is to be made. Whoever takes a row holds it until the file is stored, so that it comes back when they die.
CREATE TABLE document_work (
    hall text NOT NULL,
    document uuid NOT NULL,
    queued_at timestamptz NOT NULL,
    PRIMARY KEY (document, hall),
    FOREIGN KEY (hall, document) REFERENCES documents ON DELETE CASCADE
);
CREATE INDEX document_work_in_order ON document_work (queued_at);
