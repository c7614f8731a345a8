-- Tries at a one-time code count for whoever asked for it, and for each network from which others try.
-- depends: 0005_all_chained

ALTER TABLE one_time_codes
    -- Keyed hash of what the asker was answered, and how often they tried; `tries` is everybody else's.
    ADD COLUMN asker text,
    ADD COLUMN own_tries integer NOT NULL DEFAULT 0 CHECK (own_tries BETWEEN 0 AND 5),
    DROP CONSTRAINT one_time_codes_tries_check,
    ADD CONSTRAINT one_time_codes_tries_check CHECK (tries BETWEEN 0 AND 15);

-- No foreign key: a try and the use of the code at the same moment would stand in each other's way.
CREATE TABLE code_tries (
    hall    text NOT NULL,
    request uuid NOT NULL,
    network text NOT NULL,
    tries   integer NOT NULL CHECK (tries BETWEEN 1 AND 5),
    PRIMARY KEY (request, network, hall)
);
