-- Holders whose token was withdrawn: which of the tokens of a thing counts (services/chassis/holder.py).
-- depends: 0001_bus

CREATE TABLE renewed_tokens (
    hall   text NOT NULL,
    kind   text NOT NULL,
    id     text NOT NULL,
    number integer NOT NULL CHECK (number > 1),
    at     timestamptz NOT NULL,
    PRIMARY KEY (id, kind, hall)
);
