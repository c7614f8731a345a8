-- Dispatch: items as they are from each day on, and orders that the hall cannot keep as they were promised.
-- depends: 0005_hall_last

CREATE TABLE item_terms (
    hall text NOT NULL, code text NOT NULL,
    terms jsonb NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (hall, code)
);

-- Items by stretches of days, `until` not included; one of which only today's state was heard has it on all days.
CREATE VIEW item_periods AS
SELECT item_terms.hall, item_terms.code, term.department, term.service_seconds, term.state, term.effective_from AS since,
    lead(term.effective_from, 1, '9999-12-31') OVER (
        PARTITION BY item_terms.hall, item_terms.code ORDER BY term.effective_from) AS until
FROM item_terms,
    jsonb_to_recordset(terms) AS term (effective_from date, department text, service_seconds integer, state text)
UNION ALL
SELECT hall, code, department, service_seconds, state, date '0001-01-01', date '9999-12-31' FROM items
WHERE NOT EXISTS (SELECT FROM item_terms WHERE item_terms.hall = items.hall AND item_terms.code = items.code);

-- A hall in which something changed that may touch what was promised; gone once that is worked out.
CREATE TABLE changes (
    hall text NOT NULL PRIMARY KEY,
    heard bigint NOT NULL
);

-- Nobody can come as promised; the applicant was told. True until the order is moved, given to a crew or called off.
ALTER TABLE orders ADD COLUMN displaced boolean NOT NULL DEFAULT false;
CREATE INDEX orders_displaced ON orders (hall, window_to, id) WHERE displaced;
