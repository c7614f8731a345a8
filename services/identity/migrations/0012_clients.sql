-- Machines that use the API by themselves: what each may do and how often, and who answers for it. A client that is closed stays,
-- for the trail; its code is not given again.
-- depends: 0011_sign_in_by_issuer

CREATE TABLE clients (
    hall           text NOT NULL,
    code           text NOT NULL,
    name           text NOT NULL,
    owner          text NOT NULL,
    scopes         text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 50),
    -- Calls a minute.
    quota          integer NOT NULL CHECK (quota > 0),
    secret_hash    text NOT NULL CHECK (secret_hash LIKE '$argon2id$%'),
    closed         boolean NOT NULL DEFAULT false,
    -- Tokens issued up to this moment are refused.
    refused_before timestamptz,
    revocations    integer NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (hall, code),
    FOREIGN KEY (hall, owner) REFERENCES accounts
);
