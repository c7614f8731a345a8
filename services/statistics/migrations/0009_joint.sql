-- Statistics: joint approval.
-- depends: 0008_quality

-- Joint cases: who takes part in them, and when each was opened and ended.
CREATE TABLE joint_facts (
    hall text NOT NULL,
    number text NOT NULL,
    sequence bigint NOT NULL,
    departments text[] NOT NULL,
    state text NOT NULL,
    opened_on date NOT NULL,
    ended_on date,
    PRIMARY KEY (hall, number)
);
