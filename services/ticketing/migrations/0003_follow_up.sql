-- Ticketing: what was done about negative evaluations.
-- depends: 0002_appointments

-- The follow-up of an evaluation of level 1 or 2, step by step:
--   open (no row yet, since the evaluation's recorded_at) -> assigned
--   assigned -> assigned (to somebody else, or by another date) | followed_up
-- `owner` is who answers for it until `due_on`; `result` what came of it. The evaluation's own version is 1.
CREATE TABLE evaluation_steps (
    hall text NOT NULL,
    ticket uuid NOT NULL,
    version integer NOT NULL CHECK (version > 1),
    state text NOT NULL CHECK (state IN ('assigned', 'followed_up')),
    owner text NOT NULL,
    due_on date NOT NULL,
    result text,
    by text NOT NULL,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, ticket, version),
    FOREIGN KEY (hall, ticket) REFERENCES evaluations (hall, ticket),
    CHECK ((state = 'followed_up') = (result IS NOT NULL))
);
CREATE UNIQUE INDEX one_present_step ON evaluation_steps (hall, ticket) WHERE left_at IS NULL;
-- Evaluations as they stand now; `version` is that of the last step.
CREATE VIEW evaluations_now AS
SELECT hall, ticket::text AS ticket, business_date, queue, department, item, evaluations."window", evaluations.clerk,
    level, comment, recorded_at, CASE WHEN level <= 2 THEN coalesce(steps.state, 'open') END AS follow_up, owner, due_on,
    result, coalesce(steps.version, 1) AS version, ticket AS id
FROM evaluations
JOIN tickets USING (hall)
LEFT JOIN (SELECT * FROM evaluation_steps WHERE left_at IS NULL) AS steps USING (hall, ticket)
WHERE tickets.id = ticket;
CREATE INDEX evaluations_by_age ON evaluations (hall, recorded_at, ticket);
