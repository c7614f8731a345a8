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

-- name: keep_closure
-- Copy the days that a closure takes; an older version than the kept one changes nothing.
INSERT INTO closures AS mine (hall, id, days, sequence) VALUES (%(hall)s, %(id)s, %(days)s, %(sequence)s)
ON CONFLICT (hall, id) DO UPDATE SET days = excluded.days, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_terms
-- Copy what an item is from each day on unless a newer copy is here.
INSERT INTO item_terms AS mine (hall, code, terms, sequence) VALUES (%(hall)s, %(code)s, %(terms)s::jsonb, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET terms = excluded.terms, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: use_calendar
-- Have the calendar stay as it is until the transaction ends; a statement of its own, so that the next sees what it
-- waited for.
SELECT pg_advisory_xact_lock_shared(hashtext('hallflow.calendar'), hashtext(%(hall)s::text));

-- name: change_calendar
-- Wait for those who count with the calendar, and have others wait until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('hallflow.calendar'), hashtext(%(hall)s::text));

-- name: open_cases
-- The cases whose time runs or stands still, the first first, locked until the transaction ends.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth,
    limit_days, days_left, refused
FROM cases
WHERE hall = %(hall)s AND state IN ('accepted', 'correction', 'in_review') AND limit_days IS NOT NULL
ORDER BY year, serial
FOR UPDATE;

-- name: stops
-- When the clocks of these cases stood still, the first first.
SELECT cases.number, entered_at, left_at
FROM cases JOIN case_states ON case_states.number = cases.number AND case_states.hall = cases.hall
WHERE cases.hall = %(hall)s AND cases.number = ANY(%(numbers)s) AND case_states.state = 'correction'
    AND entered_at >= accepted_at
ORDER BY cases.number, case_states.version;

-- name: calendar
-- The days that break the week, from a year on; those on which the hall is closed come last and win.
SELECT workdays, holidays FROM (
    SELECT 1 AS nth, workdays, holidays FROM calendar_years WHERE hall = %(hall)s AND year >= %(year)s
    UNION ALL
    SELECT 2, '{}', days FROM closures WHERE hall = %(hall)s AND days <> '{}'
) AS known ORDER BY nth;

-- name: item
-- An item as it was published last, and what it is from each day on where that was heard.
SELECT items.code, department, time_limit_days, state, coalesce(terms, '[]') AS terms
FROM items LEFT JOIN item_terms ON item_terms.hall = items.hall AND item_terms.code = items.code
WHERE items.hall = %(hall)s AND items.code = %(code)s;

-- name: cases_touched
-- Open cases of an item or a department, or due on or after a day; some of them, each with how many there are.
SELECT number, due_on AS day, count(*) OVER () AS count FROM cases
WHERE hall = %(hall)s AND state IN ('received', 'accepted', 'correction', 'in_review')
    AND (%(item)s::text IS NULL OR item = %(item)s) AND (%(department)s::text IS NULL OR department = %(department)s)
    AND (%(due_since)s::date IS NULL OR due_on >= %(due_since)s)
ORDER BY due_on, number LIMIT 10;

-- name: next_serial
-- Take the next number of a year; the row stays locked until the case is stored, so no number is lost.
INSERT INTO case_years (hall, year, last_serial) VALUES (%(hall)s, %(year)s, 1)
ON CONFLICT (hall, year) DO UPDATE SET last_serial = case_years.last_serial + 1
RETURNING last_serial;

-- name: add_case
-- Store a new case.
INSERT INTO cases (hall, year, serial, number, item, department, state, origin, ticket, "window", clerk,
    applicant_ref, joint_case, business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order,
    onsite_nth, limit_days, days_left, refused)
VALUES (%(hall)s, %(year)s, %(serial)s, %(number)s, %(item)s, %(department)s, %(state)s, %(origin)s, %(ticket)s,
    %(window)s, %(clerk)s, %(applicant_ref)s, %(joint_case)s, %(business_date)s, %(accepted_at)s, %(due_on)s,
    %(decided_at)s, %(decided_on)s, %(version)s, %(onsite_order)s, %(onsite_nth)s,
    %(limit_days)s, %(days_left)s, %(refused)s);

-- name: save_case
-- Store what a command changed.
UPDATE cases
SET state = %(state)s, due_on = %(due_on)s, decided_at = %(decided_at)s, decided_on = %(decided_on)s,
    days_left = %(days_left)s, refused = %(refused)s, version = %(version)s
WHERE hall = %(hall)s AND number = %(number)s;

-- name: case
-- One case.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth,
    limit_days, days_left, refused
FROM cases WHERE hall = %(hall)s AND number = %(number)s;

-- name: case_to_change
-- One case, locked until the transaction ends.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth,
    limit_days, days_left, refused
FROM cases WHERE hall = %(hall)s AND number = %(number)s
FOR UPDATE;

-- name: accepted_on_site
-- Which of the acceptances of an on-site order have their case.
SELECT onsite_nth FROM cases WHERE hall = %(hall)s AND onsite_order = %(order)s;

-- name: cases_of_ticket
-- The cases accepted on a ticket.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth,
    limit_days, days_left, refused
FROM cases WHERE hall = %(hall)s AND ticket = %(ticket)s
ORDER BY year, serial;

-- name: cases_of_clerk
-- The cases that a clerk accepted on a day, the newest first.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth,
    limit_days, days_left, refused
FROM cases WHERE hall = %(hall)s AND clerk = %(clerk)s AND business_date = %(day)s
ORDER BY year DESC, serial DESC;

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

-- name: items
-- Several items as they were published last.
SELECT code, department, time_limit_days, state FROM items WHERE hall = %(hall)s AND code = ANY(%(codes)s);

-- name: keep_procedure
-- Store a procedure of joint approval; in place of another of its code only where it `replaces` it.
INSERT INTO joint_procedures (hall, code, name, name_en, lead, preconditioned, state, steps, materials, defined_at,
    defined_by)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(lead)s, %(preconditioned)s, %(state)s, %(steps)s::jsonb,
    %(materials)s::jsonb, %(defined_at)s, %(defined_by)s)
ON CONFLICT (code, hall) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, lead = excluded.lead,
    preconditioned = excluded.preconditioned, state = excluded.state, steps = excluded.steps,
    materials = excluded.materials, defined_at = excluded.defined_at, defined_by = excluded.defined_by
WHERE %(replaces)s;

-- name: procedures
-- The hall's procedures of joint approval, or the one of a code.
SELECT hall, code, name, name_en, lead, preconditioned, state, steps, materials, defined_at, defined_by
FROM joint_procedures WHERE hall = %(hall)s AND code = coalesce(%(code)s::text, code)
ORDER BY code;

-- name: withdraw_procedure
-- Let no more projects begin under a procedure.
UPDATE joint_procedures SET state = 'withdrawn' WHERE hall = %(hall)s AND code = %(code)s;

-- name: next_joint_serial
-- Take the next number of a year; the row stays locked until the joint case is stored, so no number is lost.
INSERT INTO joint_years (hall, year, last_serial) VALUES (%(hall)s, %(year)s, 1)
ON CONFLICT (hall, year) DO UPDATE SET last_serial = joint_years.last_serial + 1
RETURNING last_serial;

-- name: takes_part
-- Does a department lead a joint case, or has it a step in it?
SELECT EXISTS (SELECT FROM joint_cases WHERE hall = %(hall)s AND number = %(number)s AND lead = %(department)s)
    OR EXISTS (SELECT FROM joint_steps WHERE hall = %(hall)s AND number = %(number)s AND department = %(department)s)
    AS takes_part;

-- name: add_joint_case
-- Store a new joint case.
INSERT INTO joint_cases (hall, year, serial, number, procedure, project, applicant_ref, lead, preconditioned, state,
    opened_at, opened_by, version)
VALUES (%(hall)s, %(year)s, %(serial)s, %(number)s, %(procedure)s, %(project)s, %(applicant_ref)s, %(lead)s,
    %(preconditioned)s, %(state)s, %(opened_at)s, %(opened_by)s, %(version)s);

-- name: add_step
-- Store a step of a new joint case.
INSERT INTO joint_steps (hall, number, step, ordinal, item, department, after, state, version)
VALUES (%(hall)s, %(number)s, %(step)s, %(ordinal)s, %(item)s, %(department)s, %(after)s, %(state)s, %(version)s);

-- name: add_material
-- Store a material of a new joint case.
INSERT INTO joint_materials (hall, number, material, ordinal, name, name_en, needed_by)
VALUES (%(hall)s, %(number)s, %(material)s, %(ordinal)s, %(name)s, %(name_en)s, %(needed_by)s);

-- name: save_joint_case
-- Store what a command changed.
UPDATE joint_cases
SET state = %(state)s, ended_at = %(ended_at)s, ended_by = %(ended_by)s, reason = %(reason)s, version = %(version)s
WHERE hall = %(hall)s AND number = %(number)s;

-- name: save_step
-- Store what a command changed of a step.
UPDATE joint_steps
SET state = %(state)s, "case" = %(case)s, commitment = %(commitment)s, fulfil_by = %(fulfil_by)s,
    committed_at = %(committed_at)s, committed_by = %(committed_by)s, version = %(version)s
WHERE hall = %(hall)s AND number = %(number)s AND step = %(step)s;

-- name: save_material
-- Store that a material was handed in.
UPDATE joint_materials
SET handed_in_at = %(handed_in_at)s, handed_in_by = %(handed_in_by)s, department = %(department)s,
    reference = %(reference)s
WHERE hall = %(hall)s AND number = %(number)s AND material = %(material)s;

-- name: leave_step_state
-- End the stay in the state a step is in; a clock that was set back makes no negative stay.
UPDATE joint_step_states SET left_at = greatest(entered_at, %(at)s)
WHERE hall = %(hall)s AND number = %(number)s AND step = %(step)s AND left_at IS NULL;

-- name: enter_step_state
-- Begin a stay in a state.
INSERT INTO joint_step_states (hall, number, step, version, state, clerk, entered_at)
VALUES (%(hall)s, %(number)s, %(step)s, %(version)s, %(state)s, %(clerk)s, %(entered_at)s);

-- name: joint_case
-- One joint case.
SELECT hall, number, procedure, project, applicant_ref, lead, preconditioned, state, opened_at, opened_by, ended_at,
    ended_by, reason, version
FROM joint_cases WHERE hall = %(hall)s AND number = %(number)s;

-- name: joint_case_to_change
-- One joint case, locked with its steps and materials until the transaction ends.
SELECT hall, number, procedure, project, applicant_ref, lead, preconditioned, state, opened_at, opened_by, ended_at,
    ended_by, reason, version
FROM joint_cases WHERE hall = %(hall)s AND number = %(number)s
FOR UPDATE;

-- name: joint_cases
-- Joint cases in a state, or all, that a department leads or has a step in, the newest first, before a place.
SELECT hall, number, procedure, project, applicant_ref, lead, preconditioned, state, opened_at, opened_by, ended_at,
    ended_by, reason, version
FROM joint_cases
WHERE hall = %(hall)s
  AND (%(state)s::text IS NULL OR state = %(state)s)
  AND (%(department)s::text IS NULL OR lead = %(department)s OR EXISTS (
      SELECT FROM joint_steps
      WHERE joint_steps.number = joint_cases.number AND joint_steps.hall = joint_cases.hall
        AND joint_steps.department = %(department)s))
  AND (%(year)s::integer IS NULL OR (year, serial) < (%(year)s, %(serial)s::integer))
ORDER BY year DESC, serial DESC
LIMIT %(limit)s;

-- name: joint_steps
-- The steps of joint cases.
SELECT number, step, item, department, after, state, "case", commitment, fulfil_by, committed_at, committed_by, version
FROM joint_steps
WHERE hall = %(hall)s AND number = ANY(%(numbers)s)
ORDER BY number, ordinal;

-- name: joint_materials
-- The materials of joint cases.
SELECT number, material, name, name_en, needed_by, handed_in_at, handed_in_by, department, reference
FROM joint_materials
WHERE hall = %(hall)s AND number = ANY(%(numbers)s)
ORDER BY number, ordinal;

-- name: cases_of_numbers
-- Several cases.
SELECT hall, number, item, department, state, origin, ticket, "window", clerk, applicant_ref, joint_case,
    business_date, accepted_at, due_on, decided_at, decided_on, version, onsite_order, onsite_nth,
    limit_days, days_left, refused
FROM cases WHERE hall = %(hall)s AND number = ANY(%(numbers)s);

-- name: corrections
-- What is asked for in those of several cases whose materials are being corrected.
SELECT number, reason FROM case_states
WHERE hall = %(hall)s AND number = ANY(%(numbers)s) AND left_at IS NULL AND state = 'correction';

-- name: step_states
-- The stays of the steps of joint cases in their states, the first first.
SELECT number, step, state, entered_at, left_at FROM joint_step_states
WHERE hall = %(hall)s AND number = ANY(%(numbers)s)
ORDER BY number, step, version;

-- name: add_urging
-- Store that the department of a step was urged.
INSERT INTO joint_urgings (hall, id, number, step, text, urged_at, urged_by)
VALUES (%(hall)s, %(id)s, %(number)s, %(step)s, %(text)s, %(urged_at)s, %(urged_by)s);

-- name: urgings
-- What was written to departments of joint cases, the first first.
SELECT number, step, text, urged_at, urged_by FROM joint_urgings
WHERE hall = %(hall)s AND number = ANY(%(numbers)s)
ORDER BY urged_at, id;
