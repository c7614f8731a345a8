-- Notifications: where in the hall departments are, for who is told that an item has moved.
-- depends: 0004_hall_last

-- Copies of the names of departments and zones.
CREATE TABLE places (
    hall text NOT NULL, kind text NOT NULL CHECK (kind IN ('department', 'zone')), code text NOT NULL,
    name text NOT NULL,
    name_en text,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, kind, code)
);

-- Copies of the queues of departments, each in a zone.
CREATE TABLE queues (
    hall text NOT NULL, code text NOT NULL,
    department text NOT NULL,
    zone text NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);
