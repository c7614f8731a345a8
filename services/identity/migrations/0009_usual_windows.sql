-- The window at which a clerk usually is, as the hall's tables say it.
-- depends: 0008_setup

ALTER TABLE accounts ADD COLUMN "window" text;
