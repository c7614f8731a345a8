-- What is only ever added to is not emptied either.
-- depends: 0006_dated

CREATE TRIGGER personal_accesses_is_not_emptied BEFORE TRUNCATE ON personal_accesses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
