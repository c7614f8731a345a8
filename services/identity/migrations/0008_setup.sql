-- The code that makes a hall's first administrator. A hall has one at most, and none once it was used.
-- depends: 0007_trail_of_its_own

CREATE TABLE setup_codes (
    hall       text PRIMARY KEY,
    code_hash  text NOT NULL,
    expires_at timestamptz NOT NULL
);

ALTER TABLE attempts DROP CONSTRAINT attempts_scope_check;
ALTER TABLE attempts ADD CONSTRAINT attempts_scope_check CHECK (
    scope IN ('username', 'address', 'pair', 'enrolment', 'setup', 'code', 'code_address', 'code_hall')
);
