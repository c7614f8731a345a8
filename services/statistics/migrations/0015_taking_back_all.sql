-- Statistics: imports of every kind can be taken back as a whole, by one mechanism; cases of files tell their outcome.
-- depends: 0014_quality_leaves

-- Which import brought a stretch of overtime; none for those that events told of.
ALTER TABLE overtime_facts ADD COLUMN import uuid;

-- What a claim is about: numbers of cases, ids of overtime or commendations.
ALTER TABLE import_claims ADD COLUMN kind text NOT NULL DEFAULT 'cases'
    CHECK (kind IN ('cases', 'overtime', 'commendations'));

-- Whether its rows know of it. Those of overtime and commendations of before do not, so they cannot be taken back.
ALTER TABLE imports ADD COLUMN marked boolean NOT NULL DEFAULT true;
UPDATE imports SET marked = false WHERE kind <> 'cases';

-- What a chunk of any kind of file looks like while it is judged; what a kind has not is null. As before these tables
-- stay empty: each importing session works on temporary ones of the same names and shapes. Those of one kind alone are
-- left to code that still runs; a later release drops them.
CREATE TABLE staged (
    line bigint NOT NULL, fault text, key text, item text, accepted_at text, due_on text, decided_at text, origin text,
    outcome text, department text, staff text, kind text, date text, minutes text, note text
);
CREATE TABLE judged (
    line bigint NOT NULL, reason text, again boolean NOT NULL, key text, item text, department text,
    business_date date, accepted_at timestamptz, accepted_hour smallint, due_on date, decided_on date, origin text,
    outcome text, staff text, kind text, minutes integer, note text
);

-- Take the facts of an import away of which no event told; those that another import has too become its own. Says which
-- went.
CREATE FUNCTION take_back(facts text, key text, of_kind text, of_hall text, id uuid) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    gone text[];
BEGIN
    EXECUTE format($query$
        WITH own AS MATERIALIZED (
            SELECT %2$I::text AS key, (
                    SELECT claim.import FROM import_claims AS claim
                    WHERE claim.hall = kept.hall AND claim.number = kept.%2$I::text AND claim.kind = $1
                        AND claim.import <> kept.import
                    ORDER BY claim.import LIMIT 1
                ) AS heir
            FROM %1$I AS kept WHERE kept.hall = $2 AND kept.import = $3 AND kept.sequence = 0
        ), gone AS (
            DELETE FROM %1$I AS kept USING own
            WHERE kept.hall = $2 AND kept.%2$I::text = own.key AND own.heir IS NULL
            RETURNING own.key
        ), inherited AS (
            UPDATE %1$I AS kept SET import = own.heir FROM own
            WHERE kept.hall = $2 AND kept.%2$I::text = own.key AND own.heir IS NOT NULL
        ), unclaimed AS (
            DELETE FROM import_claims AS claim
            WHERE claim.hall = $2 AND claim.kind = $1 AND (claim.import = $3
                OR EXISTS (SELECT FROM own WHERE own.key = claim.number AND own.heir = claim.import))
        )
        SELECT coalesce(array_agg(key ORDER BY key), '{}') FROM gone
    $query$, facts, key) INTO gone USING of_kind, of_hall, id;
    RETURN gone;
END
$$;
