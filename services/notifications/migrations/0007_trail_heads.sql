-- Notifications: where the trail of the staff ended at times, kept where whoever can change the trail cannot.
-- depends: 0006_channels

CREATE TABLE trail_heads (
    hall    text NOT NULL,
    number  bigint NOT NULL CHECK (number > 0),
    link    text NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (number, link, hall)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER trail_heads_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
