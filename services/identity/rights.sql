-- What the service's role may do, where another role owns the database. Granted anew after each migration; `service` stands
-- for the role.

GRANT USAGE ON SCHEMA public TO service;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO service;

-- The trail is read and added to, and its end moves with the entries alone.
REVOKE UPDATE, DELETE ON audit FROM service;
REVOKE INSERT, UPDATE, DELETE ON audit_heads FROM service;
GRANT EXECUTE ON FUNCTION hold_audit_head(text) TO service;
