-- name: keep_items
-- Copy items; an older version than the kept one changes nothing.
INSERT INTO items (hall, code, department, time_limit_days, state, sequence)
VALUES (%(hall)s, %(code)s, %(department)s, %(time_limit_days)s, %(state)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE
SET department = excluded.department, time_limit_days = excluded.time_limit_days, state = excluded.state,
    sequence = excluded.sequence
WHERE excluded.sequence > items.sequence;

-- name: keep_calendar_years
-- Copy a year's days that break the week; an older version than the kept one changes nothing.
INSERT INTO calendar_years (hall, year, workdays, holidays, sequence)
VALUES (%(hall)s, %(year)s, %(workdays)s, %(holidays)s, %(sequence)s)
ON CONFLICT (hall, year) DO UPDATE
SET workdays = excluded.workdays, holidays = excluded.holidays, sequence = excluded.sequence
WHERE excluded.sequence > calendar_years.sequence;

-- name: calendar
-- The days that break the week, from a year on.
SELECT workdays, holidays FROM calendar_years WHERE hall = %(hall)s AND year >= %(year)s;

-- name: item
-- An item as it was published last.
SELECT code, department, time_limit_days, state FROM items WHERE hall = %(hall)s AND code = %(code)s;

-- name: next_serial
-- Take the next number of a year; the row stays locked until the case is stored, so no number is lost.
INSERT INTO case_years (hall, year, last_serial) VALUES (%(hall)s, %(year)s, 1)
ON CONFLICT (hall, year) DO UPDATE SET last_serial = case_years.last_serial + 1
RETURNING last_serial;

-- name: add_case
-- Store a new case.
INSERT INTO cases (hall, year, serial, number, item, department, state, origin, ticket, "window", clerk,
    applicant_ref, joint_case, business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order,
    onsite_nth)
VALUES (%(hall)s, %(year)s, %(serial)s, %(number)s, %(item)s, %(department)s, %(state)s, %(origin)s, %(ticket)s,
    %(window)s, %(clerk)s, %(applicant_ref)s, %(joint_case)s, %(business_date)s, %(accepted_at)s, %(due_on)s,
    %(decided_at)s, %(decided_on)s, %(version)s, %(onsite_order)s, %(onsite_nth)s);

-- name: save_case
-- Store what a command changed.
UPDATE cases
SET state = %(state)s, due_on = %(due_on)s, decided_at = %(decided_at)s, decided_on = %(decided_on)s,
    version = %(version)s
WHERE hall = %(hall)s AND number = %(number)s;

-- name: case
-- One case.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth
FROM cases WHERE hall = %(hall)s AND number = %(number)s;

-- name: case_to_change
-- One case, locked until the transaction ends.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth
FROM cases WHERE hall = %(hall)s AND number = %(number)s
FOR UPDATE;

-- name: accepted_on_site
-- Which of the acceptances of an on-site order have their case.
SELECT onsite_nth FROM cases WHERE hall = %(hall)s AND onsite_order = %(order)s;

-- name: cases_of_ticket
-- The cases accepted on a ticket.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth
FROM cases WHERE hall = %(hall)s AND ticket = %(ticket)s
ORDER BY year, serial;

-- name: leave_state
-- End the stay in the state a case is in; a clock that was set back makes no negative stay.
UPDATE case_states SET left_at = greatest(entered_at, %(at)s)
WHERE hall = %(hall)s AND number = %(number)s AND left_at IS NULL;

-- name: enter_state
-- Begin a stay in a state; one that lasts no time ends at once.
INSERT INTO case_states (hall, number, version, state, reason, clerk, entered_at, left_at)
VALUES (%(hall)s, %(number)s, %(version)s, %(state)s, %(reason)s, %(clerk)s, %(entered_at)s, %(left_at)s);

-- name: history
-- The stays of a case in its states, the first first.
SELECT state, entered_at, left_at, reason FROM case_states
WHERE hall = %(hall)s AND number = %(number)s
ORDER BY version;
