-- Roles that the hall makes itself, of operations of the API. A role that has ended stays, for the trail and for those who have
-- a copy; its code is not given again.
-- depends: 0009_usual_windows

CREATE TABLE roles (
    hall        text NOT NULL,
    code        text NOT NULL,
    name        text NOT NULL,
    name_en     text NOT NULL,
    permissions text[] NOT NULL,
    ended       boolean NOT NULL DEFAULT false,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (hall, code)
);

-- Which roles there are is now said by the code and by that table together.
ALTER TABLE accounts DROP CONSTRAINT accounts_roles_check;
