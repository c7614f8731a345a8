-- Items: further spellings of names whose characters have several readings.
-- depends: 0001_catalogue

-- Lines of full pinyin and first letters. `spelled` is the version of the rules by which an item was spelled; those of
-- an earlier one are spelled anew by a job.
ALTER TABLE items ADD COLUMN further text NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN spelled integer NOT NULL DEFAULT 0;
CREATE INDEX items_to_spell ON items (spelled);
