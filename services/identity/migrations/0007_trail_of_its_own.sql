-- The end of the trail moves with the entries alone, by functions of whoever owns the tables; the service's role, where
-- that is another (services/identity/rights.sql), reads and adds, and has no right to anything else here.
-- depends: 0006_code_tries

-- The end of a hall's trail, held until the transaction ends; the first entry begins it.
CREATE FUNCTION hold_audit_head(of_hall text) RETURNS TABLE (number bigint, link text)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO audit_heads (hall, number, link) VALUES (of_hall, 0, repeat('0', 64))
    ON CONFLICT (hall) DO UPDATE SET hall = excluded.hall
    RETURNING audit_heads.number, audit_heads.link
$$;

CREATE FUNCTION move_audit_head() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_heads SET number = NEW.number, link = NEW.link
    WHERE hall = NEW.hall AND number = NEW.number - 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % does not follow the end of the trail', NEW.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION move_audit_head();

REVOKE ALL ON FUNCTION hold_audit_head(text), move_audit_head() FROM PUBLIC;
