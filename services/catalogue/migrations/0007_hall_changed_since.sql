-- Workbooks whose changes are others than those that somebody has looked at, and that are to be looked at again.
-- depends: 0006_closures

ALTER TABLE workbooks ADD COLUMN hall_changed boolean NOT NULL DEFAULT false;
