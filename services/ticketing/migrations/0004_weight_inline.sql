-- Said to be immutable, `call_weight` was called as a function for every ticket of a queue: PostgreSQL puts the body of
-- a function into the statement only if it is no more volatile than declared, and `extract` from a timestamptz is stable.
ALTER FUNCTION call_weight(text, double precision, timestamptz, timestamptz, timestamptz) STABLE;
