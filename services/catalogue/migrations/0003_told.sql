-- What was recorded before courses were told, and years that some services were not there to hear.
-- depends: 0002_spellings

-- Whether the course of an item, and a year, were told since every service keeps them; a job tells the others.
ALTER TABLE items ADD COLUMN course_told boolean NOT NULL DEFAULT false;
CREATE INDEX items_to_tell ON items (hall, code) WHERE NOT course_told;
ALTER TABLE calendar_years ADD COLUMN told boolean NOT NULL DEFAULT false;
