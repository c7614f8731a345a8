-- Dispatch: plans of a day.
-- depends: 0001_orders

-- Plans and their states:
--   queued  -> solving
--   solving -> solving (taken up again after its planner died) | draft | failed
--   draft   -> published
-- `basis` says what it was made of, so that it can tell whether it still holds; `current` marks the one that holds.
CREATE TABLE plans (
    hall text NOT NULL, id uuid NOT NULL,
    date date NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'solving', 'draft', 'published', 'failed')),
    seed bigint NOT NULL,
    seconds double precision NOT NULL CHECK (seconds > 0),
    requested_at timestamptz NOT NULL, requested_by text,
    attempts integer NOT NULL CHECK (attempts >= 0),
    routes jsonb NOT NULL, unserved jsonb NOT NULL, moved jsonb NOT NULL,
    basis jsonb, progress jsonb,
    fault text,
    solved_at timestamptz,
    published_at timestamptz, published_by text,
    current boolean NOT NULL,
    PRIMARY KEY (hall, id),
    CHECK ((state = 'failed') = (fault IS NOT NULL)),
    CHECK ((state IN ('draft', 'published')) = (solved_at IS NOT NULL)),
    CHECK ((state = 'published') = (published_at IS NOT NULL)),
    CHECK (state = 'published' OR NOT current),
    CHECK (basis IS NOT NULL OR state NOT IN ('draft', 'published'))
);
CREATE UNIQUE INDEX one_current_plan_a_date ON plans (hall, date) WHERE current;
CREATE INDEX plans_of_a_date ON plans (hall, date, requested_at);
CREATE INDEX plans_by_age ON plans (hall, requested_at);

-- Plans that wait for a planner. The one who solves holds the row, and deletes it with its result: when it dies, the
-- row is free again.
CREATE TABLE plan_work (
    hall text NOT NULL, plan uuid NOT NULL,
    queued_at timestamptz NOT NULL,
    PRIMARY KEY (hall, plan),
    FOREIGN KEY (hall, plan) REFERENCES plans (hall, id)
);
