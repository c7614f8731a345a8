-- Cases: days on which the whole hall is closed though the calendar says that it works.
-- depends: 0007_of_a_clerk

CREATE TABLE closures (
    hall text NOT NULL, id text NOT NULL,
    days date[] NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, id)
);
