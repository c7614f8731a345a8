-- Dispatch: the breaks of crews.
-- depends: 0008_called_off

-- By weekday, as the shifts, pairs of times; a weekday that is not named has the department's break.
ALTER TABLE crews ADD COLUMN breaks jsonb NOT NULL DEFAULT '{}';
