-- Wrong passwords count for an account at an address; one-time codes for a phone, an address and the hall.
-- depends: 0002_account_versions

ALTER TABLE attempts DROP CONSTRAINT attempts_scope_check;
ALTER TABLE attempts ADD CONSTRAINT attempts_scope_check
    CHECK (scope IN ('username', 'address', 'pair', 'enrolment', 'code', 'code_address', 'code_hall'));
