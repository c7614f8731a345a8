-- Cases: items as they are from each day on.
-- depends: 0004_joint

CREATE TABLE item_terms (
    hall text NOT NULL, code text NOT NULL,
    terms jsonb NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);
