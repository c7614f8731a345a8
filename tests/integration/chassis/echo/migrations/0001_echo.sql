-- Words that were noted and heard. Nothing is unique, so that what is done twice is seen twice.
-- depends: 0001_bus

CREATE TABLE notes (
    hall text NOT NULL,
    id   bigint GENERATED ALWAYS AS IDENTITY,
    word text NOT NULL
);

CREATE TABLE heard (
    hall     text NOT NULL,
    nth      bigint GENERATED ALWAYS AS IDENTITY,
    word     text NOT NULL,
    type     text NOT NULL,
    position bigint NOT NULL,
    batch    integer NOT NULL
);
