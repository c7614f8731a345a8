-- Ticketing: tickets of appointments, extended sessions, and how visitors are reached.
-- depends: 0001_ticketing

-- A ticket made by checking in names its appointment; each has one.
ALTER TABLE tickets ADD COLUMN appointment uuid;
CREATE UNIQUE INDEX one_ticket_an_appointment ON tickets (hall, appointment) WHERE appointment IS NOT NULL;

-- Copies of the extended sessions that appointments plans: planned -> open -> closed, or cancelled.
CREATE TABLE extended_sessions (
    hall text NOT NULL, id uuid NOT NULL,
    department text NOT NULL,
    windows text[] NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    state text NOT NULL CHECK (state IN ('planned', 'open', 'closed', 'cancelled')),
    opened_at timestamptz,
    closed_at timestamptz,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX extended_sessions_by_end ON extended_sessions (hall, ends_at);

-- The tickets whose visitor is told when the turn is near. The phone is sealed; one that has an appointment is
-- reached through it and has none here. `told_at` is here and not in tickets, since a call skips a ticket that is held.
CREATE TABLE contacts (
    hall text NOT NULL,
    ticket uuid NOT NULL,
    business_date date NOT NULL,
    phone_sealed text,
    language text CHECK (language IN ('zh', 'en')),
    told_at timestamptz,
    PRIMARY KEY (hall, ticket),
    FOREIGN KEY (hall, ticket) REFERENCES tickets (hall, id),
    CHECK ((phone_sealed IS NULL) = (language IS NULL))
);
CREATE INDEX contacts_to_tell ON contacts (hall, business_date) WHERE told_at IS NULL;
CREATE INDEX contacts_by_date ON contacts (hall, business_date);

-- Who saw whose number, when and why. Only ever added to.
CREATE TABLE personal_accesses (
    hall text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY,
    ticket uuid NOT NULL,
    by text, roles text[] NOT NULL,
    purpose text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'personal_accesses is only ever added to';
END $$;
CREATE TRIGGER personal_accesses_are_kept BEFORE UPDATE OR DELETE ON personal_accesses
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- As before, but that a ticket whose slot is still ahead shows no score, where it showed less than none. `call_weight`
-- stays: such a ticket is called after all that have a score.
CREATE OR REPLACE FUNCTION call_score(rate double precision, reference_at timestamptz, at timestamptz)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rate * greatest(extract(epoch FROM at - reference_at), 0)::double precision
$$;
