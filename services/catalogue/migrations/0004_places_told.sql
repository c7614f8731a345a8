-- Halls whose places were published when not every service was there to hear.
-- depends: 0003_told

-- Whether departments, zones and queues were told since every service that says where something is done keeps them; a
-- job tells the others.
ALTER TABLE halls ADD COLUMN places_told boolean NOT NULL DEFAULT false;
