-- name: account
-- An account.
SELECT username, name, roles, department, "window", demo, closed, password_hash, refused_before, issuer
FROM accounts WHERE hall = %(hall)s AND username = %(username)s;

-- name: add_account
-- Make an account unless it is there.
INSERT INTO accounts (hall, username, name, roles, department, "window", demo, created_at)
VALUES (%(hall)s, %(username)s, %(name)s, %(roles)s, %(department)s, %(window)s, %(demo)s, %(at)s)
ON CONFLICT (hall, username) DO NOTHING;

-- name: add_new_account
-- Make an account; no row when there is one of this name.
INSERT INTO accounts (hall, username, name, roles, department, created_at)
VALUES (%(hall)s, %(username)s, %(name)s, %(roles)s, %(department)s, %(at)s)
ON CONFLICT (hall, username) DO NOTHING
RETURNING username;

-- name: account_of_subject
-- The account of a person of an issuer, held until the transaction ends.
SELECT username, name, roles, department, "window", demo, closed, password_hash, refused_before, issuer
FROM accounts WHERE hall = %(hall)s AND issuer = %(issuer)s AND subject = %(subject)s FOR UPDATE;

-- name: add_account_of_subject
-- Make the account of a person of an issuer; no row when the name is taken, or the person has one by now.
INSERT INTO accounts (hall, username, name, roles, department, issuer, subject, created_at)
VALUES (%(hall)s, %(username)s, %(name)s, %(roles)s, %(department)s, %(issuer)s, %(subject)s, %(at)s)
ON CONFLICT DO NOTHING
RETURNING username;

-- name: open_account
-- An account of an issuer that was closed counts again.
UPDATE accounts SET closed = false, version = version + 1
WHERE hall = %(hall)s AND username = %(username)s AND closed AND issuer IS NOT NULL
RETURNING username;

-- name: claim_rules
-- What claims make of people, in its order.
SELECT claim, value, roles, department FROM claim_rules WHERE hall = %(hall)s ORDER BY position;

-- name: clear_claim_rules
-- The table is about to be written anew.
DELETE FROM claim_rules WHERE hall = %(hall)s;

-- name: hold_claim_rules
-- One at a time writes the table anew.
SELECT pg_advisory_xact_lock(hashtext('claim_rules/' || %(hall)s));

-- name: add_claim_rule
-- A row of it.
INSERT INTO claim_rules (hall, position, claim, value, roles, department)
VALUES (%(hall)s, %(position)s, %(claim)s, %(value)s, %(roles)s, %(department)s);

-- name: add_issuer_sign_in
-- Somebody has come back from the issuer.
INSERT INTO issuer_sign_ins (hall, code_hash, username, id_token, expires_at)
VALUES (%(hall)s, %(code_hash)s, %(username)s, %(id_token)s, %(expires_at)s);

-- name: use_issuer_sign_in
-- Use their code up for a token; no row when it was used, has expired or never was.
UPDATE issuer_sign_ins SET jti = %(jti)s, expires_at = %(expires_at)s
WHERE hall = %(hall)s AND code_hash = %(code_hash)s AND jti IS NULL AND expires_at > %(at)s
RETURNING username;

-- name: take_issuer_session
-- What tells the issuer whose session a token's is; no row when the token is of none.
DELETE FROM issuer_sign_ins WHERE hall = %(hall)s AND jti = %(jti)s RETURNING id_token;

-- name: forget_issuer_sign_ins
-- Codes nobody used, and sessions whose token has expired.
DELETE FROM issuer_sign_ins WHERE expires_at < %(at)s;

-- name: lock_account
-- An account, held until the transaction ends.
SELECT username, name, roles, department, "window", demo, closed, password_hash, refused_before, issuer
FROM accounts WHERE hall = %(hall)s AND username = %(username)s FOR UPDATE;

-- name: accounts
-- The accounts of the staff, closed ones last, whether they have a password, and when the newest token that still counts
-- was issued; what is null is not looked at, and demo accounts are nobody's.
SELECT username, name, roles, department, closed, password_hash IS NOT NULL AS has_password, issuer, created_at,
    (SELECT max(issued_at) FROM tokens WHERE tokens.hall = accounts.hall AND tokens.username = accounts.username
        AND revoked_at IS NULL AND (refused_before IS NULL OR issued_at > refused_before)) AS signed_in_at
FROM accounts WHERE hall = %(hall)s AND NOT demo
    AND (%(username)s::text IS NULL OR username = %(username)s)
    AND (%(q)s::text IS NULL OR strpos(username, lower(%(q)s)) > 0 OR strpos(lower(name), lower(%(q)s)) > 0)
    AND (%(role)s::text IS NULL OR %(role)s = ANY(roles))
    AND (%(department)s::text IS NULL OR department = %(department)s)
    AND (%(closed)s::boolean IS NULL OR closed = %(closed)s)
ORDER BY closed, username;

-- name: administrators
-- Who can administer the hall; demo accounts cannot where this is no demo.
SELECT username FROM accounts
WHERE hall = %(hall)s AND 'admin' = ANY(roles) AND NOT demo AND NOT closed AND password_hash IS NOT NULL
ORDER BY username;

-- name: hold_administrators
-- The same, held until the transaction ends.
SELECT username FROM accounts
WHERE hall = %(hall)s AND 'admin' = ANY(roles) AND NOT demo AND NOT closed AND password_hash IS NOT NULL
ORDER BY username FOR UPDATE;

-- name: save_account
-- Change an account's name, department, usual window and roles.
UPDATE accounts SET name = %(name)s, department = %(department)s, "window" = %(window)s, roles = %(roles)s,
    version = version + 1
WHERE hall = %(hall)s AND username = %(username)s;

-- name: clerks
-- All accounts of clerks, held for a load; those of an issuer are not in its list.
SELECT username, name, roles, department, "window", demo, closed, password_hash, refused_before, issuer
FROM accounts WHERE hall = %(hall)s AND 'clerk' = ANY(roles) AND issuer IS NULL ORDER BY username FOR UPDATE;

-- name: seats
-- Who works at windows, and at which one usually; demo accounts and closed ones are nobody's, those of an issuer are its own.
SELECT username, name, department, "window" FROM accounts
WHERE hall = %(hall)s AND 'clerk' = ANY(roles) AND NOT demo AND NOT closed AND issuer IS NULL ORDER BY username;

-- name: states_of_accounts
-- What others may know of accounts, of all when none are named; demo accounts are nobody's.
SELECT username, roles, department, NOT closed AS active, version FROM accounts
WHERE hall = %(hall)s AND NOT demo AND (%(usernames)s::text[] IS NULL OR username = ANY(%(usernames)s::text[]))
ORDER BY username;

-- name: people
-- Who works in the hall or in a department, by name; demo accounts, kiosks and closed accounts are nobody.
SELECT username, name, department, roles FROM accounts
WHERE hall = %(hall)s AND NOT demo AND NOT closed
    AND (%(department)s::text IS NULL OR department = %(department)s)
    AND NOT roles && ARRAY['visitor', 'kiosk']
ORDER BY department NULLS FIRST, name, username;

-- name: no_accounts
-- Which of some names no open account of the staff has.
SELECT asked.username FROM unnest(%(usernames)s::text[]) AS asked (username)
WHERE NOT EXISTS (
    SELECT FROM accounts
    WHERE hall = %(hall)s AND username = asked.username AND NOT closed AND NOT roles && ARRAY['visitor', 'kiosk']
)
ORDER BY asked.username;

-- name: set_password
-- A new password; it opens a closed account.
UPDATE accounts SET password_hash = %(password_hash)s, closed = false, version = version + 1
WHERE hall = %(hall)s AND username = %(username)s;

-- name: revoke_account
-- Refuse the tokens of an account issued up to a moment, those too whose time of issue was put off to the next second.
UPDATE accounts
SET closed = closed OR %(close)s, revocations = revocations + 1, version = version + 1, refused_before = greatest(%(at)s,
    (SELECT max(issued_at) FROM tokens WHERE tokens.hall = accounts.hall AND tokens.username = accounts.username))
WHERE hall = %(hall)s AND username = %(username)s
RETURNING revocations, refused_before;

-- name: kiosk
-- A kiosk.
SELECT code, name, zone, state, registered_at, enrolled_at, refused_before
FROM kiosks WHERE hall = %(hall)s AND code = %(code)s;

-- name: kiosks
-- All kiosks.
SELECT code, name, zone, state, registered_at, enrolled_at, refused_before
FROM kiosks WHERE hall = %(hall)s ORDER BY code;

-- name: register_kiosk
-- A new kiosk, or one that is to be enrolled anew; an enrolled one stays so until the new code is used.
INSERT INTO kiosks (hall, code, name, zone, state, registered_at)
VALUES (%(hall)s, %(code)s, %(name)s, %(zone)s, 'registered', %(at)s)
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, zone = excluded.zone, registered_at = excluded.registered_at,
    state = CASE kiosks.state WHEN 'enrolled' THEN 'enrolled' ELSE 'registered' END;

-- name: save_enrolment_code
-- The one open code of a kiosk.
INSERT INTO enrolment_codes (hall, kiosk, code_hash, expires_at)
VALUES (%(hall)s, %(kiosk)s, %(code_hash)s, %(expires_at)s)
ON CONFLICT (hall, kiosk) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at;

-- name: save_setup_code
-- The one code that sets a hall up.
INSERT INTO setup_codes (hall, code_hash, expires_at) VALUES (%(hall)s, %(code_hash)s, %(expires_at)s)
ON CONFLICT (hall) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at;

-- name: use_setup_code
-- Use that code up; no row when there is none, it was used or has expired.
DELETE FROM setup_codes
WHERE hall = %(hall)s AND code_hash = %(code_hash)s AND expires_at > %(at)s
RETURNING hall;

-- name: use_enrolment_code
-- Use a code up; no row when there is none, it was used or has expired.
DELETE FROM enrolment_codes
WHERE hall = %(hall)s AND code_hash = %(code_hash)s AND expires_at > %(at)s
RETURNING kiosk;

-- name: enrol_kiosk
-- A device is now this kiosk.
UPDATE kiosks SET state = 'enrolled', enrolled_at = %(at)s
WHERE hall = %(hall)s AND code = %(code)s
RETURNING code, name, zone, state, registered_at, enrolled_at, refused_before;

-- name: revoke_kiosk
-- Refuse a kiosk's tokens and its open code; no row when there is no such kiosk.
WITH gone AS (DELETE FROM enrolment_codes WHERE hall = %(hall)s AND kiosk = %(code)s)
UPDATE kiosks SET state = 'revoked', revocations = revocations + 1, refused_before = greatest(%(at)s,
    (SELECT max(issued_at) FROM tokens WHERE tokens.hall = kiosks.hall AND tokens.username = %(username)s))
WHERE hall = %(hall)s AND code = %(code)s
RETURNING revocations, refused_before;

-- name: save_one_time_code
-- The code that counts for a phone from now on, and who asked for it.
INSERT INTO one_time_codes (hall, phone_hash, request, code_hash, asker, expires_at)
VALUES (%(hall)s, %(phone_hash)s, %(request)s, %(code_hash)s, %(asker)s, %(expires_at)s)
ON CONFLICT (hall, phone_hash) DO UPDATE
SET request = excluded.request, code_hash = excluded.code_hash, asker = excluded.asker,
    expires_at = excluded.expires_at, tries = 0, own_tries = 0;

-- name: add_otp
-- Hand a code to the channel that sends it.
INSERT INTO otp_outbox (hall, request, phone, code, expires_at)
VALUES (%(hall)s, %(request)s, %(phone)s, %(code)s, %(expires_at)s);

-- name: take_otp
-- Take a code out of the outbox; no row when it is not there any more.
DELETE FROM otp_outbox WHERE hall = %(hall)s AND request = %(request)s AND expires_at > %(at)s
RETURNING phone, code, expires_at;

-- name: try_own_code
-- Take one of its asker's tries at a phone's code; no row when none is left, it has expired or another asked for it.
UPDATE one_time_codes SET own_tries = own_tries + 1
WHERE hall = %(hall)s AND phone_hash = %(phone_hash)s AND asker = %(asker)s AND own_tries < %(most)s
    AND expires_at > %(at)s
RETURNING request, code_hash;

-- name: try_code
-- Take one of a network's tries at a phone's code; no row when it or all networks have none left, or it has expired.
WITH mine AS (
    INSERT INTO code_tries (hall, request, network, tries)
    SELECT hall, request, %(network)s, 1 FROM one_time_codes
    WHERE hall = %(hall)s AND phone_hash = %(phone_hash)s AND tries < %(most_in_all)s AND expires_at > %(at)s
    ON CONFLICT (request, network, hall) DO UPDATE SET tries = code_tries.tries + 1
    WHERE code_tries.tries < %(most)s
    RETURNING request
)
UPDATE one_time_codes SET tries = tries + 1
WHERE hall = %(hall)s AND phone_hash = %(phone_hash)s AND request = (SELECT request FROM mine)
    AND tries < %(most_in_all)s
RETURNING request, code_hash;

-- name: use_code
-- Use a code up; no row when another call was first.
WITH sent AS (DELETE FROM otp_outbox WHERE hall = %(hall)s AND request = %(request)s)
DELETE FROM one_time_codes
WHERE hall = %(hall)s AND phone_hash = %(phone_hash)s AND request = %(request)s
RETURNING request;

-- name: add_attempt
-- Count an attempt.
INSERT INTO attempts (hall, scope, subject, at) VALUES (%(hall)s, %(scope)s, %(subject)s, %(at)s);

-- name: nth_attempt
-- The moment of the n-th newest attempt since a moment; no row when there were fewer.
SELECT at FROM attempts
WHERE hall = %(hall)s AND scope = %(scope)s AND subject = %(subject)s AND at > %(since)s
ORDER BY at DESC OFFSET %(n)s - 1 LIMIT 1;

-- name: failures
-- How many attempts there were since a moment, and when the newest was.
SELECT count(*) AS failures, max(at) AS last FROM attempts
WHERE hall = %(hall)s AND scope = %(scope)s AND subject = %(subject)s AND at > %(since)s;

-- name: forgive
-- Forget the attempts of somebody who has succeeded.
DELETE FROM attempts WHERE hall = %(hall)s AND scope = %(scope)s AND subject = %(subject)s;

-- name: signed_in_from
-- Has this account signed in from this address since a moment?
SELECT true AS trusted FROM audit
WHERE hall = %(hall)s AND username = %(username)s AND address = %(address)s AND action = 'sign_in' AND ok
  AND at > %(since)s
LIMIT 1;

-- name: signing_key
-- The key that signs now.
SELECT kid, private_key AS private, public_key AS public, demo
FROM signing_keys WHERE hall = %(hall)s AND demo = %(demo)s AND public_until IS NULL;

-- name: add_signing_key
-- A key that signs from now on, unless there is one.
INSERT INTO signing_keys (hall, kid, demo, private_key, public_key, created_at)
VALUES (%(hall)s, %(kid)s, %(demo)s, %(private)s::json, %(public)s::json, %(at)s)
ON CONFLICT (hall, demo) WHERE public_until IS NULL DO NOTHING;

-- name: retire_signing_key
-- Sign no more with the current key; its public half stays until its last token has expired.
UPDATE signing_keys SET private_key = NULL, public_until = %(public_until)s
WHERE hall = %(hall)s AND demo = %(demo)s AND public_until IS NULL;

-- name: public_keys
-- The public keys by which tokens are verified now.
SELECT public_key FROM signing_keys
WHERE hall = %(hall)s AND (%(demo)s OR NOT demo) AND (public_until IS NULL OR public_until > %(at)s)
ORDER BY created_at DESC, kid;

-- name: secret
-- The key of the keyed hashes.
SELECT value FROM secrets WHERE hall = %(hall)s AND name = 'keyed-hash';

-- name: add_secret
-- Make the key of the keyed hashes, unless there is one.
INSERT INTO secrets (hall, name, value) VALUES (%(hall)s, 'keyed-hash', %(value)s) ON CONFLICT DO NOTHING;

-- name: add_token
-- Take note of an issued token (not of the token itself).
INSERT INTO tokens (hall, jti, username, issued_at, expires_at)
VALUES (%(hall)s, %(jti)s, %(username)s, to_timestamp(%(issued_at)s), to_timestamp(%(expires_at)s));

-- name: revoke_tokens
-- Refuse tokens of an account that have not expired: one, or all when no id is given; any account's when no name is.
UPDATE tokens SET revoked_at = %(at)s
WHERE hall = %(hall)s AND revoked_at IS NULL AND expires_at > %(at)s
  AND (%(username)s::text IS NULL OR username = %(username)s)
  AND (%(jti)s::text IS NULL OR jti = %(jti)s)
RETURNING jti, username, extract(epoch FROM expires_at)::bigint AS exp;

-- name: live_token
-- Is there such a token, revoked or not, that has not expired?
SELECT username FROM tokens WHERE hall = %(hall)s AND jti = %(jti)s AND expires_at > %(at)s;

-- name: revoked_tokens
-- Tokens that were revoked and have not expired.
SELECT jti FROM tokens WHERE hall = %(hall)s AND revoked_at IS NOT NULL AND expires_at > %(at)s ORDER BY jti;

-- name: refused_subjects
-- Accounts, kiosks and clients of which a token may still be about that is refused.
SELECT username, refused_before FROM accounts WHERE hall = %(hall)s AND refused_before > %(since)s
UNION ALL
SELECT 'kiosk:' || code, refused_before FROM kiosks WHERE hall = %(hall)s AND refused_before > %(since)s
UNION ALL
SELECT 'client:' || code, refused_before FROM clients WHERE hall = %(hall)s AND refused_before > %(since)s
ORDER BY 1;

-- name: hold_audit_head
-- The end of a hall's trail, held until the transaction ends; it moves with what is added.
SELECT number, link FROM hold_audit_head(%(hall)s);

-- name: add_audit
-- Write into the audit trail, at its end.
INSERT INTO audit (hall, at, service, action, username, by, roles, department, ok, address, subject, reason, details,
    before, after, number, link)
VALUES (%(hall)s, %(at)s, %(service)s, %(action)s, %(username)s, %(by)s, %(roles)s::text[], %(department)s, %(ok)s,
    %(address)s, %(subject)s, %(reason)s, %(details)s::json, %(before)s::json, %(after)s::json, %(number)s, %(link)s);

-- name: audit
-- The audit trail, the newest first; what is null is not looked at.
SELECT id, at, service, action, username, by, roles, department, ok, address, subject, reason, details,
    before, after FROM audit
WHERE hall = %(hall)s AND id < %(before)s
    AND (%(username)s::text IS NULL OR username = %(username)s)
    AND (%(who)s::text IS NULL OR by = %(who)s)
    AND (%(what)s::text IS NULL OR action = %(what)s)
    AND (%(service)s::text IS NULL OR service = %(service)s)
    AND (%(subject)s::text IS NULL OR subject = %(subject)s)
    AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
ORDER BY id DESC LIMIT %(limit)s;

-- name: audit_head
-- The end of a hall's trail.
SELECT number, link FROM audit_heads WHERE hall = %(hall)s;

-- name: audit_heads
-- The end of each hall's trail.
SELECT hall, number, link FROM audit_heads ORDER BY hall;

-- name: chained
-- Entries of the trail behind a number, in their order.
SELECT hall, number, link, at, service, action, username, by, roles, department, ok, address, subject, reason, details,
    before, after FROM audit
WHERE hall = %(hall)s AND number > %(after)s ORDER BY number LIMIT %(limit)s;

-- name: keep_window
-- Copy a window unless a newer version is here.
INSERT INTO windows (hall, code, department, sequence)
VALUES (%(hall)s, %(code)s, %(department)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET department = excluded.department, sequence = excluded.sequence
WHERE windows.sequence < excluded.sequence;

-- name: windows_of
-- The windows of a department.
SELECT code FROM windows WHERE hall = %(hall)s AND department = %(department)s ORDER BY code;

-- name: forget_tokens
-- Expired tokens need no note.
DELETE FROM tokens WHERE expires_at < %(at)s;

-- name: forget_codes
-- Expired one-time codes, and the phones they were for.
WITH sent AS (DELETE FROM otp_outbox WHERE expires_at < %(at)s)
DELETE FROM one_time_codes WHERE expires_at < %(at)s;

-- name: forget_code_tries
-- Tries at codes that are no more.
DELETE FROM code_tries WHERE NOT EXISTS (SELECT FROM one_time_codes WHERE one_time_codes.request = code_tries.request);

-- name: forget_enrolment_codes
-- Expired enrolment codes.
DELETE FROM enrolment_codes WHERE expires_at < %(at)s;

-- name: forget_attempts
-- Attempts that no limit counts any more.
DELETE FROM attempts WHERE at < %(before)s;

-- name: forget_keys
-- Retired keys whose last token has expired.
DELETE FROM signing_keys WHERE public_until < %(at)s;

-- name: roles
-- The hall's own roles, those that have ended last, and how many accounts have each.
SELECT code, name, name_en, permissions, ended, version,
    (SELECT count(*) FROM accounts WHERE accounts.hall = roles.hall AND NOT closed AND roles.code = ANY(accounts.roles)) AS accounts
FROM roles WHERE hall = %(hall)s ORDER BY ended, code;

-- name: role
-- One of them, held until the transaction ends.
SELECT code, name, name_en, permissions, ended, version FROM roles
WHERE hall = %(hall)s AND code = %(code)s FOR UPDATE;

-- name: hold_roles
-- Those of these codes that can be given, held so that none ends until the transaction does.
SELECT code FROM roles WHERE hall = %(hall)s AND code = ANY(%(codes)s::text[]) AND NOT ended ORDER BY code FOR SHARE;

-- name: add_role
-- A new role; no row when there is one of this code.
INSERT INTO roles (hall, code, name, name_en, permissions, created_at)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(permissions)s, %(at)s)
ON CONFLICT (hall, code) DO NOTHING
RETURNING code;

-- name: save_role
-- Change a role.
UPDATE roles SET name = %(name)s, name_en = %(name_en)s, permissions = %(permissions)s, ended = %(ended)s,
    version = %(version)s
WHERE hall = %(hall)s AND code = %(code)s;

-- name: holders_of_role
-- How many accounts have a role, closed ones too, which may be opened again.
SELECT count(*) FROM accounts WHERE hall = %(hall)s AND %(code)s = ANY(roles);

-- name: clients
-- All machine clients, closed ones last, when the newest token that still counts was issued, and whether who answers for each
-- still may.
SELECT code, name, owner, scopes, quota, clients.closed, created_at,
    (SELECT NOT accounts.closed FROM accounts WHERE accounts.hall = clients.hall AND username = owner) AS owner_open,
    (SELECT max(issued_at) FROM tokens WHERE tokens.hall = clients.hall AND tokens.username = 'client:' || code
        AND revoked_at IS NULL AND (refused_before IS NULL OR issued_at > refused_before)) AS signed_in_at
FROM clients WHERE hall = %(hall)s ORDER BY clients.closed, code;

-- name: client
-- One of them.
SELECT code, name, owner, scopes, quota, secret_hash, closed, refused_before
FROM clients WHERE hall = %(hall)s AND code = %(code)s;

-- name: lock_client
-- The same, held until the transaction ends.
SELECT code, name, owner, scopes, quota, secret_hash, closed, refused_before
FROM clients WHERE hall = %(hall)s AND code = %(code)s FOR UPDATE;

-- name: add_client
-- Make one; no row when there is one of this code.
INSERT INTO clients (hall, code, name, owner, scopes, quota, secret_hash, created_at)
VALUES (%(hall)s, %(code)s, %(name)s, %(owner)s, %(scopes)s, %(quota)s, %(secret_hash)s, %(at)s)
ON CONFLICT (hall, code) DO NOTHING
RETURNING code;

-- name: save_client
-- Change it.
UPDATE clients SET name = %(name)s, owner = %(owner)s, scopes = %(scopes)s, quota = %(quota)s,
    secret_hash = %(secret_hash)s, closed = %(closed)s
WHERE hall = %(hall)s AND code = %(code)s;

-- name: revoke_client
-- Refuse its tokens up to a moment, those too whose time of issue was put off to the next second.
UPDATE clients SET revocations = revocations + 1, refused_before = greatest(%(at)s,
    (SELECT max(issued_at) FROM tokens WHERE tokens.hall = clients.hall AND tokens.username = %(username)s))
WHERE hall = %(hall)s AND code = %(code)s
RETURNING revocations, refused_before;
