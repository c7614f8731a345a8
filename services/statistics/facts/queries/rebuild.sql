-- name: begin_rebuild
-- Become the one rebuild; false while another is under way. Held until the connection ends.
SELECT pg_try_advisory_lock(hashtext('hallflow.rebuild'), 1) AS alone;

-- name: wait_for_turn
-- Wait for one's turn to write, until the end of the transaction.
SELECT lock_facts();

-- name: make_shadow
-- Make a table of this session that stands before a read model.
SELECT make_shadow(%(model)s);

-- name: gather_statistics
-- Let the planner know of the shadows.
ANALYZE pg_temp.ticket_facts, pg_temp.ticket_numbers, pg_temp.case_facts, pg_temp.case_numbers;

-- name: mend
-- Make a read model, or a month of it, what its shadow is; how many rows were wrong.
SELECT mend(%(model)s, %(month)s);

-- name: volumes_are_right
-- Are the sums of a month those of its facts? Waits for nobody.
SELECT volumes_are_right(%(month)s);

-- name: recount_volumes
-- Count the sums of a month anew from the facts.
SELECT recount_volumes(%(month)s);

-- name: find_misnumbered
-- Find facts without their number, and numbers without their fact.
SELECT find_misnumbered(%(facts)s, %(numbers)s, %(subject)s);

-- name: number_anew
-- Give the facts that were found their numbers.
SELECT number_anew(%(facts)s, %(numbers)s, %(subject)s);

-- name: months_of_figures
-- The months that facts, their shadows or sums are in.
SELECT month FROM months_of_figures() AS month ORDER BY month;
