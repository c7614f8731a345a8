-- Statistics: the hall's own calendar, what items are from each day on, and what was decided.
-- depends: 0011_documents

-- Copies of what the catalogue publishes. `sequence` is the version of the copied record.
CREATE TABLE calendar_years (
    hall text NOT NULL, year integer NOT NULL,
    workdays date[] NOT NULL, holidays date[] NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, year)
);

-- `terms` are {effective_from, state, department}, past and announced.
CREATE TABLE item_terms (
    hall text NOT NULL, code text NOT NULL,
    terms jsonb NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- NULL while it is not decided, and for imported cases, of which nobody tells.
ALTER TABLE case_facts ADD COLUMN outcome text CHECK (outcome IN ('granted', 'refused'));
CREATE INDEX cases_refused_on_a_date ON case_facts (hall, decided_on) WHERE outcome = 'refused';
