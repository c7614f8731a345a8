-- Statistics: what was found unusual in full, what became of it, and which dates were looked at.
-- depends: 0004_rollups

-- A finding rests on the working days from `since` to `business_date` together: `observed`, `expected`, `lower` and
-- `upper` are sums over them. `chance` is how likely so much (or little) was; charts of hours tell none. It goes on until
-- `seen_on`. `series` is what the method saw: per day, or per hour of the day, observed, expected and bounds.
ALTER TABLE anomalies
    ADD COLUMN direction text NOT NULL CHECK (direction IN ('rise', 'drop')),
    ADD COLUMN since date NOT NULL,
    ADD COLUMN window_days smallint NOT NULL CHECK (window_days > 0),
    ADD COLUMN since_hour text,
    ADD COLUMN chance double precision CHECK (chance BETWEEN 0 AND 1),
    ADD COLUMN last_year double precision,
    ADD COLUMN seen_on date NOT NULL,
    ADD COLUMN series jsonb NOT NULL,
    ADD COLUMN dismissal text,
    ADD CHECK (since <= business_date AND seen_on >= business_date),
    ADD CHECK ((subject_kind = 'hour') = (since_hour IS NOT NULL)),
    ADD CHECK (state = 'detected' OR (owner IS NOT NULL AND due_on IS NOT NULL)),
    ADD CHECK (state IN ('detected', 'assigned') OR explanation IS NOT NULL),
    ADD CHECK (state <> 'dismissed' OR dismissal IS NOT NULL),
    ADD CHECK (state <> 'fed_back' OR outcome IS NOT NULL);

-- Each finding once, whoever looks and how often. Of a department's hours only the first of a day is told.
CREATE UNIQUE INDEX each_finding_once ON anomalies (hall, subject_kind, subject, direction, business_date)
    WHERE subject_kind <> 'hour';
CREATE UNIQUE INDEX each_day_once ON anomalies (hall, department, direction, business_date)
    WHERE subject_kind = 'hour';
CREATE INDEX anomalies_in_order ON anomalies (hall, business_date DESC, id DESC);
CREATE INDEX open_anomalies ON anomalies (hall, due_on) WHERE state IN ('detected', 'assigned');

-- detected → assigned → explained → confirmed | dismissed → fed_back
CREATE TABLE anomaly_states (
    hall text NOT NULL,
    anomaly uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL
        CHECK (state IN ('detected', 'assigned', 'explained', 'confirmed', 'dismissed', 'fed_back')),
    by text,
    entered_at timestamptz NOT NULL,
    left_at timestamptz CHECK (left_at >= entered_at),
    PRIMARY KEY (hall, anomaly, version),
    FOREIGN KEY (hall, anomaly) REFERENCES anomalies (hall, id)
);
CREATE UNIQUE INDEX one_open_anomaly_state ON anomaly_states (hall, anomaly) WHERE left_at IS NULL;

-- What was looked at: a business date as a whole (`part` 'day') or up to the end of an hour ('09'). Without `done_at` it
-- failed `attempts` times, `fault` says how, and it is tried again from `retry_at` on.
CREATE TABLE detections (
    hall text NOT NULL,
    business_date date NOT NULL,
    part text NOT NULL CHECK (part = 'day' OR part ~ '^[0-2][0-9]$'),
    attempts integer NOT NULL CHECK (attempts >= 0),
    fault text,
    retry_at timestamptz,
    done_at timestamptz,
    PRIMARY KEY (hall, business_date, part),
    CHECK ((done_at IS NULL) = (fault IS NOT NULL)),
    CHECK ((done_at IS NULL) = (retry_at IS NOT NULL))
);
