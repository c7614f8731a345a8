-- Accounts, kiosks, one-time codes, keys, tokens, audit trail.
-- depends: 0001_bus

CREATE TABLE accounts (
    hall           text NOT NULL,
    username       text NOT NULL CHECK (username ~ '^[a-z][a-z0-9._-]{0,63}$'),
    name           text NOT NULL,
    roles          text[] NOT NULL CHECK (
        roles <@ ARRAY['visitor', 'kiosk', 'clerk', 'operator', 'dispatcher', 'crew', 'analyst', 'manager', 'admin']
        AND cardinality(roles) > 0
    ),
    department     text,
    demo           boolean NOT NULL DEFAULT false,
    closed         boolean NOT NULL DEFAULT false,
    password_hash  text CHECK (password_hash LIKE '$argon2id$%'),
    -- Tokens issued up to this moment are refused.
    refused_before timestamptz,
    revocations    integer NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (hall, username)
);

-- State: registered -> enrolled -> revoked -> registered (registered anew).
CREATE TABLE kiosks (
    hall           text NOT NULL,
    code           text NOT NULL,
    name           text NOT NULL,
    zone           text,
    state          text NOT NULL CHECK (state IN ('registered', 'enrolled', 'revoked')),
    registered_at  timestamptz NOT NULL,
    enrolled_at    timestamptz,
    refused_before timestamptz,
    revocations    integer NOT NULL DEFAULT 0,
    PRIMARY KEY (hall, code),
    CHECK (state <> 'enrolled' OR enrolled_at IS NOT NULL)
);

-- At most one open enrolment code a kiosk; it is gone once used.
CREATE TABLE enrolment_codes (
    hall       text NOT NULL,
    kiosk      text NOT NULL,
    code_hash  text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (hall, kiosk),
    UNIQUE (hall, code_hash),
    FOREIGN KEY (hall, kiosk) REFERENCES kiosks
);

-- The last one-time code of a phone; it is gone once used.
CREATE TABLE one_time_codes (
    hall       text NOT NULL,
    phone_hash text NOT NULL,
    request    uuid NOT NULL,
    code_hash  text NOT NULL,
    tries      integer NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (hall, phone_hash)
);

-- What is to be sent to whom, for the channel that sends it; no event carries it, and it is gone when it expires.
CREATE TABLE otp_outbox (
    hall       text NOT NULL,
    request    uuid NOT NULL,
    phone      text NOT NULL,
    code       text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (hall, request)
);

-- Wrong passwords and codes, and codes asked for: what the limits count.
CREATE TABLE attempts (
    hall    text NOT NULL,
    id      bigint GENERATED ALWAYS AS IDENTITY,
    scope   text NOT NULL CHECK (scope IN ('username', 'address', 'enrolment', 'code')),
    subject text NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX attempts_counted ON attempts (hall, scope, subject, at DESC);
CREATE INDEX attempts_at ON attempts (at);

-- State: signing (private key kept) -> retired (public key kept until its last token expires).
CREATE TABLE signing_keys (
    hall         text NOT NULL,
    kid          text NOT NULL,
    demo         boolean NOT NULL,
    private_key  json,
    public_key   json NOT NULL,
    created_at   timestamptz NOT NULL,
    public_until timestamptz,
    PRIMARY KEY (hall, kid),
    CHECK ((private_key IS NULL) = (public_until IS NOT NULL))
);
CREATE UNIQUE INDEX signing_keys_one_signs ON signing_keys (hall, demo) WHERE public_until IS NULL;

-- Keys of the keyed hashes.
CREATE TABLE secrets (
    hall  text NOT NULL,
    name  text NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (hall, name)
);

CREATE TABLE tokens (
    hall       text NOT NULL,
    jti        text NOT NULL,
    username   text NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (hall, jti)
);
CREATE INDEX tokens_by_username ON tokens (hall, username) WHERE revoked_at IS NULL;
CREATE INDEX tokens_revoked ON tokens (hall, expires_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX tokens_expire ON tokens (expires_at);

-- Staff and kiosks only: visitors leave nothing here.
CREATE TABLE audit (
    hall     text NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    at       timestamptz NOT NULL,
    action   text NOT NULL,
    -- Whom it is about, and who did it.
    username text,
    by       text,
    ok       boolean NOT NULL,
    address  text,
    details  json NOT NULL,
    PRIMARY KEY (hall, id)
);
CREATE INDEX audit_by_username ON audit (hall, username, id DESC);
CREATE INDEX audit_signed_in ON audit (hall, username, address, at DESC) WHERE action = 'sign_in' AND ok;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Copy of the catalogue's windows. `sequence` is the version of the copied record.
CREATE TABLE windows (
    hall       text NOT NULL,
    code       text NOT NULL,
    department text NOT NULL,
    sequence   bigint NOT NULL,
    PRIMARY KEY (hall, code)
);
CREATE INDEX windows_by_department ON windows (hall, department, code);
