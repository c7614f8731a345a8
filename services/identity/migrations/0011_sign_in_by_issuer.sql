-- People who sign in with an OpenID issuer: whose account is whose there, what their claims make of them, and sign-ins under way.
-- depends: 0010_roles

ALTER TABLE accounts ADD COLUMN issuer text, ADD COLUMN subject text;
ALTER TABLE accounts ADD CONSTRAINT accounts_subject_of_issuer CHECK ((issuer IS NULL) = (subject IS NULL));
-- The issuer alone says who they are.
ALTER TABLE accounts ADD CONSTRAINT accounts_issuer_no_password CHECK (issuer IS NULL OR password_hash IS NULL);
CREATE UNIQUE INDEX accounts_by_subject ON accounts (hall, issuer, subject) WHERE issuer IS NOT NULL;

CREATE TABLE claim_rules (
    hall       text NOT NULL,
    position   integer NOT NULL,
    claim      text NOT NULL,
    value      text NOT NULL,
    roles      text[] NOT NULL,
    department text,
    PRIMARY KEY (hall, position),
    UNIQUE (hall, claim, value),
    CHECK (cardinality(roles) > 0 OR department IS NOT NULL)
);

-- Who has come back from the issuer and fetches a token with a code, once; then the token's id, until the token expires.
CREATE TABLE issuer_sign_ins (
    hall       text NOT NULL,
    code_hash  text NOT NULL,
    username   text NOT NULL,
    -- Sealed; it tells the issuer whose session ends.
    id_token   text NOT NULL,
    jti        text,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (hall, code_hash)
);
CREATE UNIQUE INDEX issuer_sign_ins_by_jti ON issuer_sign_ins (hall, jti) WHERE jti IS NOT NULL;
