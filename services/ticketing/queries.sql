-- name: issue_ticket
-- Take the queue's next number and issue a ticket with its first state, event and stored answer: one statement. The
-- number is put into their texts, which have an empty one: within a JSON string its quotes would be escaped.
WITH numbered AS (
    INSERT INTO queue_days AS day (hall, queue, business_date, last_number)
    VALUES (%(hall)s, %(queue)s, %(business_date)s, 1)
    ON CONFLICT (hall, queue, business_date) DO UPDATE SET last_number = day.last_number + 1
    RETURNING last_number AS ordinal,
        %(prefix)s || lpad(last_number::text, greatest(3, length(last_number::text)), '0') AS number
), before AS (
    SELECT count(*) AS ahead FROM tickets
    WHERE hall = %(hall)s AND queue = %(queue)s AND state = 'waiting' AND business_date >= %(since)s
        AND (class_ = 'urgent' OR %(class_)s <> 'urgent' AND reference_at <= %(reference_at)s)
), issued AS (
    INSERT INTO tickets (
        hall, id, number, issued_queue, ordinal, business_date, queue, department, zone, item, service_seconds,
        class_, channel, appointment, state, rate, reference_at, overdue_at, extended, reason, cutoff_override, issued_at,
        ahead_at_issue, p50_s, p90_s, stretch_at, stretch_item, same_phone)
    SELECT %(hall)s, %(id)s, number, %(queue)s, ordinal, %(business_date)s, %(queue)s, %(department)s, %(zone)s,
        %(item)s, %(service_seconds)s, %(class_)s, %(channel)s, %(appointment)s, 'waiting', %(rate)s,
        %(reference_at)s, %(overdue_at)s, %(extended)s, %(reason)s, %(cutoff_override)s, %(issued_at)s,
        ahead, %(p50_s)s, %(p90_s)s, %(stretch_at)s, %(stretch_item)s, %(same_phone)s
    FROM numbered, before
    RETURNING number, ahead_at_issue
), entered AS (
    INSERT INTO ticket_states (hall, ticket, version, state, queue, entered_at)
    SELECT %(hall)s, %(id)s, 1, 'waiting', %(queue)s, %(issued_at)s FROM issued
), told AS (
    INSERT INTO outbox (type, body, created_at)
    SELECT 'ticketing.ticket.issued', replace(%(event)s, '"number":""', '"number":"' || number || '"')::json,
        %(issued_at)s
    FROM issued
), answered AS (
    INSERT INTO commands (command_id, fingerprint, answer, created_at)
    SELECT %(command_id)s, %(fingerprint)s,
        replace(
            replace(%(answer)s, '"number":""', '"number":"' || number || '"'),
            '"ahead":null', '"ahead":' || ahead_at_issue)::json,
        %(issued_at)s
    FROM issued WHERE %(command_id)s <> ''
)
SELECT number, ahead_at_issue FROM issued;

-- name: call_next
-- Call the first ticket of a window's queues, or the one a clerk chose by its number, skipping those that are being
-- called this moment, and note why. Who was sent to another window is left to it while that calls from their queue.
WITH waiting AS (
    SELECT id, number, queue, class_, call_rank(class_, overdue_at, %(at)s) AS rank,
        call_weight(class_, rate, reference_at, overdue_at, %(at)s) AS weight,
        array_position(%(profile)s, queue) AS place, reference_at, ordinal,
        call_rule(class_, overdue_at, %(at)s) AS rule, call_score(rate, reference_at, %(at)s) AS score
    FROM tickets
    WHERE hall = %(hall)s AND state = 'waiting' AND queue = ANY(%(profile)s) AND business_date >= %(since)s
        AND (for_window IS NULL OR for_window = %(window)s
            OR NOT EXISTS (SELECT FROM windows WHERE hall = %(hall)s AND code = for_window AND clerk IS NOT NULL
                AND tickets.queue = ANY(coalesce(nullif(windows.profile, '{}'), windows.queues))))
), chosen AS (
    SELECT id, class_, call_rank(class_, overdue_at, %(at)s) AS rank,
        call_weight(class_, rate, reference_at, overdue_at, %(at)s) AS weight,
        array_position(%(profile)s, queue) AS place, reference_at, ordinal,
        CASE WHEN %(number)s::text IS NOT NULL THEN 'chosen' WHEN for_window = %(window)s THEN 'sent_on'
            ELSE call_rule(class_, overdue_at, %(at)s) END AS rule, call_score(rate, reference_at, %(at)s) AS score
    FROM tickets
    WHERE hall = %(hall)s AND state = 'waiting' AND queue = ANY(%(profile)s) AND business_date >= %(since)s
        AND (for_window IS NULL OR for_window = %(window)s
            OR NOT EXISTS (SELECT FROM windows WHERE hall = %(hall)s AND code = for_window AND clerk IS NOT NULL
                AND tickets.queue = ANY(coalesce(nullif(windows.profile, '{}'), windows.queues))))
        AND (%(number)s::text IS NULL OR number = %(number)s)
    ORDER BY rank, weight, place, reference_at, ordinal, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
), runner_up AS (
    SELECT jsonb_build_object('number', number, 'queue', queue, 'class', class_, 'rule', rule,
        'score', round(score::numeric, 1)) AS body
    FROM waiting
    -- One that came before and was passed over is being called elsewhere this moment: it is no rival.
    WHERE (rank, weight, place, reference_at, ordinal, id)
        > (SELECT rank, weight, place, reference_at, ordinal, id FROM chosen)
        -- Before one that was chosen stands the first of all others.
        OR %(number)s::text IS NOT NULL AND id <> (SELECT id FROM chosen)
    ORDER BY rank, weight, place, reference_at, ordinal, id
    LIMIT 1
), called AS (
    UPDATE tickets SET state = 'called', "window" = %(window)s, clerk = %(clerk)s,
        called_to = %(window)s, called_at = greatest(%(at)s, stretch_at), for_window = NULL,
        first_called_at = coalesce(first_called_at, greatest(%(at)s, stretch_at)), calls = calls + 1,
        extended = extended OR %(extended)s, version = version + 1
    WHERE hall = %(hall)s AND id = (SELECT id FROM chosen)
    RETURNING tickets.*
), ended AS (
    -- One issued while this call waited for its turn entered its state after the call's moment.
    UPDATE ticket_states SET left_at = greatest(%(at)s, entered_at)
    WHERE hall = %(hall)s AND ticket = (SELECT id FROM called) AND left_at IS NULL
    RETURNING left_at
), entered AS (
    INSERT INTO ticket_states (hall, ticket, version, state, queue, "window", clerk, entered_at)
    SELECT called.hall, called.id, called.version, 'called', called.queue, called."window", called.clerk,
        ended.left_at
    FROM called, ended
), noted AS (
    INSERT INTO calls (hall, ticket, number, zone, "window", clerk, called_at, recall, rule, score, class_, waiting,
        runner_up, reason)
    SELECT called.hall, called.id, called.number, %(zone)s, called."window", called.clerk, %(at)s, false,
        chosen.rule, chosen.score, chosen.class_, (SELECT count(*) - 1 FROM waiting),
        (SELECT body FROM runner_up),
        CASE chosen.rule WHEN 'chosen' THEN %(reason)s WHEN 'sent_on' THEN (
            SELECT reason FROM ticket_states
            WHERE hall = %(hall)s AND ticket = called.id AND left_at IS NULL) END
    FROM called, chosen
)
SELECT * FROM called;

-- name: note_recall
-- Note that a called ticket was announced again.
INSERT INTO calls (hall, ticket, number, zone, "window", clerk, called_at, recall)
VALUES (%(hall)s, %(ticket)s, %(number)s, %(zone)s, %(window)s, %(clerk)s, %(at)s, true);

-- name: last_call
-- The last real call of a ticket and why it was chosen; calls of old name the runner-up's id too.
SELECT number, "window", called_at, rule, score, class_, waiting, runner_up - 'ticket' AS runner_up, reason
FROM calls WHERE hall = %(hall)s AND ticket = %(ticket)s AND NOT recall
ORDER BY id DESC LIMIT 1;

-- name: call_of_number
-- The last real call of a number in a zone since a moment, and why it was chosen.
SELECT number, "window", called_at, rule, score, class_, waiting, runner_up - 'ticket' AS runner_up, reason
FROM calls
WHERE hall = %(hall)s AND zone = %(zone)s AND called_at >= %(since)s AND number = %(number)s AND NOT recall
ORDER BY id DESC LIMIT 1;

-- name: announced
-- How often a ticket was called again since it was called to its window, and when it was announced last.
SELECT count(*) FILTER (WHERE recall) AS recalls, max(called_at) AS last_at
FROM calls WHERE hall = %(hall)s AND ticket = %(ticket)s
    AND id >= (SELECT max(id) FROM calls WHERE hall = %(hall)s AND ticket = %(ticket)s AND NOT recall);

-- name: find_ticket
-- A ticket by its id.
SELECT * FROM tickets WHERE hall = %(hall)s AND id = %(id)s;

-- name: ticket_of_appointment
-- The ticket that was made for an appointment.
SELECT * FROM tickets WHERE hall = %(hall)s AND appointment = %(appointment)s;

-- name: lock_ticket
-- A ticket by its id, held until the transaction ends.
SELECT * FROM tickets WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: save_ticket
-- Write what may change of a ticket.
UPDATE tickets SET queue = %(queue)s, department = %(department)s, zone = %(zone)s, class_ = %(class_)s,
    state = %(state)s, rate = %(rate)s, reference_at = %(reference_at)s, overdue_at = %(overdue_at)s,
    "window" = %(window)s, clerk = %(clerk)s, extended = %(extended)s, first_called_at = %(first_called_at)s,
    called_at = %(called_at)s, started_at = %(started_at)s, finished_at = %(finished_at)s, service_s = %(service_s)s,
    calls = %(calls)s, misses = %(misses)s, requeues = %(requeues)s, p50_s = %(p50_s)s, p90_s = %(p90_s)s, item = %(item)s,
    service_seconds = %(service_seconds)s, stretch_at = %(stretch_at)s, stretch_item = %(stretch_item)s, queued = %(queued)s,
    past = %(past)s::jsonb, for_window = %(for_window)s, called_to = %(called_to)s,
    version = %(version)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: change_state
-- End the open state of a ticket and begin the next, not before the other began: clocks of two machines may differ.
WITH ended AS (
    UPDATE ticket_states SET left_at = greatest(%(at)s, entered_at)
    WHERE hall = %(hall)s AND ticket = %(id)s AND left_at IS NULL
    RETURNING ticket, left_at AS at
)
INSERT INTO ticket_states (hall, ticket, version, state, queue, "window", clerk, reason, entered_at, left_at)
SELECT %(hall)s, ticket, %(version)s, %(state)s, %(queue)s, %(window)s, %(clerk)s, %(reason)s, at,
    CASE WHEN %(passing)s THEN at END
FROM ended;

-- name: add_state
-- Begin a state after one that has ended already.
INSERT INTO ticket_states (hall, ticket, version, state, queue, "window", clerk, reason, entered_at)
SELECT %(hall)s, %(id)s, %(version)s, %(state)s, %(queue)s, %(window)s, %(clerk)s, %(reason)s, max(left_at)
FROM ticket_states WHERE hall = %(hall)s AND ticket = %(id)s;

-- name: time_served
-- Seconds a ticket was served in its present stretch, time on hold left out, and since when it is being served.
SELECT count(*) AS times, coalesce(sum(extract(epoch FROM left_at - entered_at)), 0)::double precision AS before_s,
    max(entered_at) FILTER (WHERE left_at IS NULL) AS since
FROM ticket_states WHERE hall = %(hall)s AND ticket = %(id)s AND state = 'serving'
    AND entered_at >= (SELECT stretch_at FROM tickets WHERE hall = %(hall)s AND id = %(id)s);

-- name: tickets_ahead
-- How many tickets of the same queue would be called before a waiting one now.
WITH mine AS MATERIALIZED (SELECT * FROM tickets WHERE hall = %(hall)s AND id = %(id)s)
SELECT count(*) AS ahead
FROM tickets AS other, mine
WHERE other.hall = %(hall)s AND other.queue = (SELECT queue FROM mine) AND other.business_date >= %(since)s
    AND other.state = 'waiting' AND (
        call_rank(other.class_, other.overdue_at, %(at)s),
        call_weight(other.class_, other.rate, other.reference_at, other.overdue_at, %(at)s),
        other.reference_at, other.ordinal, other.id
    ) < (
        call_rank(mine.class_, mine.overdue_at, %(at)s),
        call_weight(mine.class_, mine.rate, mine.reference_at, mine.overdue_at, %(at)s),
        mine.reference_at, mine.ordinal, mine.id
    );

-- name: desks
-- What clerks have before them, for several windows in one statement: of each a row with the window as JSON, and a row
-- for each ticket, which its `part` says is at the window, held at any of its department, missed in its queues, or
-- waiting, in the order in which it would be called; who is left to another window is neither listed nor counted.
-- Of those who wait the first ones alone; the window's `ahead` says how many there are.
WITH own AS (
    SELECT hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, version
    FROM windows WHERE hall = %(hall)s AND code = ANY(%(codes)s)
), calls_from AS (
    SELECT code, department, queues, coalesce(nullif(profile, '{}'), queues) AS called,
        (%(since)s::jsonb ->> code)::date AS since
    FROM own
), parts AS (
    SELECT own.code AS desk, 'window' AS part, row_to_json(own) AS own,
        (SELECT count(*) FROM tickets WHERE hall = %(hall)s AND state = 'waiting' AND queue = ANY(called)
            AND business_date >= since
            AND (for_window IS NULL OR for_window = own.code
                OR NOT EXISTS (SELECT FROM windows WHERE hall = %(hall)s AND code = for_window AND clerk IS NOT NULL
                    AND tickets.queue = ANY(coalesce(nullif(windows.profile, '{}'), windows.queues))))
        ) AS ahead, (NULL::tickets).*
    FROM own JOIN calls_from USING (code)
    UNION ALL
    SELECT "window", 'ticket', NULL, NULL, tickets.* FROM tickets
    WHERE hall = %(hall)s AND "window" = ANY(%(codes)s) AND state IN ('called', 'serving')
    UNION ALL
    SELECT calls_from.code, CASE state WHEN 'on_hold' THEN 'held' ELSE 'missed' END, NULL, NULL, tickets.*
    FROM calls_from JOIN tickets
        ON tickets.department = calls_from.department OR tickets.queue = ANY(calls_from.queues)
    WHERE hall = %(hall)s AND state IN ('on_hold', 'missed')
        AND (state = 'on_hold' OR queue = ANY(calls_from.queues)) AND business_date >= since
    UNION ALL
    SELECT calls_from.code, 'waiting', NULL, first_ones.* FROM calls_from CROSS JOIN LATERAL (
        SELECT row_number() OVER calling - 1 AS ahead, tickets.* FROM tickets
        WHERE hall = %(hall)s AND state = 'waiting' AND queue = ANY(called) AND business_date >= since
            AND (for_window IS NULL OR for_window = calls_from.code
                OR NOT EXISTS (SELECT FROM windows WHERE hall = %(hall)s AND code = for_window AND clerk IS NOT NULL
                    AND tickets.queue = ANY(coalesce(nullif(windows.profile, '{}'), windows.queues))))
        WINDOW calling AS (
            ORDER BY call_rank(class_, overdue_at, %(at)s), call_weight(class_, rate, reference_at, overdue_at, %(at)s),
                array_position(called, queue), reference_at, ordinal, id)
        ORDER BY ahead LIMIT %(limit)s
    ) AS first_ones
)
SELECT desk, part, own, ahead, id::text AS id, number, hall, business_date, queue, department, zone, item, class_,
    channel, appointment::text AS appointment, state, "window", clerk, extended, issued_at, called_at, started_at,
    finished_at, calls, for_window, same_phone, NULL AS estimate, NULL AS windows_open,
    CASE WHEN part = 'ticket' AND state = 'called' THEN (
        SELECT json_build_object('made', count(*), 'last_at', max(called_at)) FROM calls
        WHERE calls.hall = parts.hall AND calls.ticket = parts.id
            AND calls.id >= (SELECT max(real.id) FROM calls AS real
                WHERE real.hall = parts.hall AND real.ticket = parts.id AND NOT real.recall)) END AS calling
FROM parts ORDER BY ahead, called_at;

-- name: ticket_at_window
-- The ticket that is called to a window or served there.
SELECT * FROM tickets WHERE hall = %(hall)s AND "window" = %(window)s AND state IN ('called', 'serving');

-- name: ended_days
-- Open tickets of days that are over, held, but for those of sessions that run on; those another process has in hand
-- are left to it.
SELECT * FROM tickets
WHERE hall = %(hall)s AND business_date < %(business_date)s
    AND state IN ('waiting', 'called', 'serving', 'on_hold', 'missed')
    AND business_date < coalesce(
        ((CASE WHEN state IN ('called', 'serving') THEN %(finishing)s::jsonb ELSE %(kept)s::jsonb END) ->> department)::date,
        %(business_date)s)
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: long_missed
-- Missed tickets whose visitor did not come back, held.
SELECT tickets.* FROM tickets JOIN ticket_states
    ON ticket_states.hall = tickets.hall AND ticket_states.ticket = tickets.id AND left_at IS NULL
WHERE tickets.hall = %(hall)s AND tickets.state = 'missed'
    AND tickets.business_date >= coalesce((%(kept)s::jsonb ->> tickets.department)::date, %(business_date)s)
    AND entered_at < %(before)s
ORDER BY tickets.id LIMIT %(limit)s FOR UPDATE OF tickets SKIP LOCKED;

-- name: take_visits_without_stretches
-- Tickets whose stretches of before are still to be made, held and off the list.
WITH taken AS (
    DELETE FROM visits_without_stretches WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM visits_without_stretches WHERE hall = %(hall)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING ticket
)
SELECT tickets.* FROM tickets WHERE hall = %(hall)s AND id IN (SELECT ticket FROM taken) ORDER BY id FOR UPDATE;

-- name: passages
-- The states of a ticket in their order.
SELECT state, queue, "window", entered_at, left_at FROM ticket_states
WHERE hall = %(hall)s AND ticket = %(id)s ORDER BY version;

-- name: find_window
-- A window by its code.
SELECT hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, version
FROM windows WHERE hall = %(hall)s AND code = %(code)s;

-- name: window_of_clerk
-- The window at which a clerk is signed in.
SELECT hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, version
FROM windows WHERE hall = %(hall)s AND clerk = %(clerk)s;

-- name: lock_window
-- A window by its code, held until the transaction ends.
SELECT hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, version
FROM windows WHERE hall = %(hall)s AND code = %(code)s FOR UPDATE;

-- name: list_windows
-- The windows of the hall or of one department.
SELECT hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, version
FROM windows
WHERE hall = %(hall)s AND (%(department)s::text IS NULL OR department = %(department)s)
ORDER BY code;

-- name: seat_clerk
-- Sign a clerk in at a window or out of it.
UPDATE windows SET clerk = %(clerk)s, profile = %(profile)s, signed_in_at = %(signed_in_at)s, version = version + 1
WHERE hall = %(hall)s AND code = %(code)s
RETURNING version;

-- name: open_session
-- Note that a clerk sits at a window from now on.
INSERT INTO window_sessions (hall, "window", clerk, queues, signed_in_at)
VALUES (%(hall)s, %(window)s, %(clerk)s, %(queues)s, %(at)s);

-- name: close_session
-- Note that the clerk at a window has left it.
UPDATE window_sessions SET signed_out_at = greatest(%(at)s, signed_in_at)
WHERE hall = %(hall)s AND "window" = %(window)s AND signed_out_at IS NULL;

-- name: note_freed
-- Note who has signed a clerk out of a window, and why.
INSERT INTO freed_windows (hall, "window", clerk, freed_by, reason, freed_at)
VALUES (%(hall)s, %(window)s, %(clerk)s, %(by)s, %(reason)s, %(at)s);

-- name: tickets_at_windows
-- What is called or served at the windows, and since when.
SELECT "window", number, state, coalesce(started_at, called_at) AS since FROM tickets
WHERE hall = %(hall)s AND state IN ('called', 'serving');

-- name: held_by_window
-- The numbers of those who are set aside, by the window where that was done.
SELECT "window", array_agg(number ORDER BY issued_at, number) AS numbers FROM tickets
WHERE hall = %(hall)s AND state = 'on_hold' GROUP BY "window";

-- name: forgotten_windows
-- Windows where somebody signed in on a day that is over, held, but for those of sessions that run on.
SELECT hall, code, name, name_en, department, zone, queues, clerk, profile, signed_in_at, version
FROM windows
WHERE hall = %(hall)s AND signed_in_at < %(midnight)s AND code <> ALL(%(kept)s)
ORDER BY code FOR UPDATE SKIP LOCKED;

-- name: queue_loads
-- What waits in each queue, and the pace of what was served lately: of services of an item alone whose typical time is
-- known, all in one stretch.
SELECT code AS queue, coalesce(waiting, 0) AS waiting, coalesce(work_s, 0)::double precision AS work_s,
    coalesce(served_s, 0)::double precision AS served_s, coalesce(typical_s, 0)::double precision AS typical_s
FROM queues
LEFT JOIN (
    SELECT queue, count(*) AS waiting, sum(service_seconds) AS work_s FROM tickets
    WHERE hall = %(hall)s AND state = 'waiting'
        AND business_date >= coalesce((%(kept)s::jsonb ->> department)::date, %(business_date)s)
    GROUP BY queue
) AS now ON now.queue = queues.code
LEFT JOIN (
    SELECT queue, sum(service_s) AS served_s, sum(service_seconds) AS typical_s FROM tickets
    WHERE hall = %(hall)s AND state = 'served' AND finished_at > %(lately)s AND stretch_item = item
        AND NOT past @> jsonb_build_array(jsonb_build_object('item', item))
    GROUP BY queue
) AS lately ON lately.queue = queues.code
WHERE hall = %(hall)s;

-- name: window_loads
-- The open windows, with what is at each and how long it was called or served there, time on hold left out.
SELECT windows.code, windows.profile AS queues, tickets.service_seconds::double precision AS expected_s,
    (SELECT sum(extract(epoch FROM coalesce(left_at, %(at)s) - entered_at)) FROM ticket_states
        WHERE ticket_states.hall = tickets.hall AND ticket_states.ticket = tickets.id
            AND ticket_states."window" = tickets."window" AND ticket_states.state = tickets.state
    )::double precision AS elapsed_s
FROM windows LEFT JOIN tickets
    ON tickets.hall = windows.hall AND tickets."window" = windows.code AND tickets.state IN ('called', 'serving')
WHERE windows.hall = %(hall)s AND windows.clerk IS NOT NULL;

-- name: usual_windows
-- How many windows served each queue at this hour on the last fourteen days that had any.
SELECT queue, avg(open_windows)::double precision AS usual FROM (
    SELECT unnest(queues) AS queue, (signed_in_at AT TIME ZONE %(zone)s)::date AS day,
        count(DISTINCT "window") AS open_windows
    FROM window_sessions
    WHERE hall = %(hall)s AND signed_in_at BETWEEN %(since)s AND %(midnight)s
        AND (signed_in_at AT TIME ZONE %(zone)s)::time < %(hour_ends)s
        AND (signed_out_at IS NULL
            OR signed_out_at AT TIME ZONE %(zone)s > (signed_in_at AT TIME ZONE %(zone)s)::date + %(hour_begins)s::time)
    GROUP BY 1, 2
) AS days GROUP BY queue;

-- name: reference_version
-- Which version of the copies is in force.
SELECT version FROM reference_version;

-- name: bump_reference
-- Say that a copy has changed.
UPDATE reference_version SET version = version + 1;

-- name: tickets_touched
-- Tickets that are not done with, on some days or from one on: of an item, of departments, or of queues in which they wait;
-- some of them, each with how many there are.
SELECT number, business_date AS day, count(*) OVER () AS count FROM tickets
WHERE hall = %(hall)s AND state IN ('waiting', 'called', 'serving', 'on_hold', 'missed')
    AND (business_date >= %(since)s OR business_date = ANY(%(days)s::date[]))
    AND (%(item)s::text IS NULL OR item = %(item)s)
    AND (%(departments)s::text[] IS NULL OR department = ANY(%(departments)s))
    AND (%(queues)s::text[] IS NULL OR queue = ANY(%(queues)s) AND state = 'waiting')
ORDER BY issued_at, number, id LIMIT 10;

-- name: list_queues
-- All queues of the hall.
SELECT hall, code, prefix, name, name_en, department, zone, max_wait_s, rates FROM queues WHERE hall = %(hall)s;

-- name: list_items
-- All items of the hall, withdrawn ones too, with what they are from each day on where that was heard.
SELECT items.hall, items.code, name, name_en, department, queue, service_seconds, state, coalesce(terms, '[]') AS terms
FROM items LEFT JOIN item_terms ON item_terms.hall = items.hall AND item_terms.code = items.code WHERE items.hall = %(hall)s;

-- name: list_zones
-- The zones of the hall.
SELECT code, name, name_en FROM zones WHERE hall = %(hall)s ORDER BY code;

-- name: list_departments
-- The departments of the hall.
SELECT code, name, name_en FROM departments WHERE hall = %(hall)s;

-- name: list_extended_sessions
-- The extended sessions that were not called off and have not ended long ago.
SELECT id::text AS id, department, windows, starts_at, ends_at, state, opened_at, closed_at FROM extended_sessions
WHERE hall = %(hall)s AND ends_at > %(since)s AND state <> 'cancelled'
ORDER BY starts_at, id;

-- name: find_hours
-- The opening hours of the hall.
SELECT rows FROM hours WHERE hall = %(hall)s;

-- name: list_calendar
-- The days that break the week, year by year.
SELECT days FROM calendar_years WHERE hall = %(hall)s;

-- name: keep_department
-- Copy a department unless a newer copy is here.
INSERT INTO departments AS mine (hall, code, name, name_en, sequence)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_zone
-- Copy a zone unless a newer copy is here.
INSERT INTO zones AS mine (hall, code, name, name_en, sequence)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_queue
-- Copy a queue unless a newer copy is here.
INSERT INTO queues AS mine (hall, code, prefix, name, name_en, department, zone, max_wait_s, rates, sequence)
VALUES (%(hall)s, %(code)s, %(prefix)s, %(name)s, %(name_en)s, %(department)s, %(zone)s, %(max_wait_s)s,
    %(rates)s::jsonb, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET prefix = excluded.prefix, name = excluded.name, name_en = excluded.name_en,
    department = excluded.department, zone = excluded.zone, max_wait_s = excluded.max_wait_s, rates = excluded.rates,
    sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_window
-- Copy a window unless a newer copy is here; who sits at it is not the catalogue's.
INSERT INTO windows AS mine (hall, code, name, name_en, department, zone, queues, sequence)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(department)s, %(zone)s, %(queues)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
    department = excluded.department, zone = excluded.zone, queues = excluded.queues, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_item
-- Copy an item unless a newer copy is here.
INSERT INTO items AS mine (hall, code, name, name_en, department, queue, service_seconds, state, sequence)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(department)s, %(queue)s, %(service_seconds)s, %(state)s,
    %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
    department = excluded.department, queue = excluded.queue, service_seconds = excluded.service_seconds,
    state = excluded.state, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_terms
-- Copy what an item is from each day on unless a newer copy is here.
INSERT INTO item_terms AS mine (hall, code, terms, sequence) VALUES (%(hall)s, %(code)s, %(terms)s::jsonb, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET terms = excluded.terms, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_hours
-- Copy the opening hours unless newer ones are here.
INSERT INTO hours AS mine (hall, rows, sequence) VALUES (%(hall)s, %(rows)s::jsonb, %(sequence)s)
ON CONFLICT (hall) DO UPDATE SET rows = excluded.rows, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_closure
-- Copy a closure unless a newer copy is here.
INSERT INTO closures AS mine (hall, id, department, "window", starts_at, ends_at, reason, reason_en, sequence)
VALUES (%(hall)s, %(id)s, %(department)s, %(window)s, %(starts_at)s, %(ends_at)s, %(reason)s, %(reason_en)s, %(sequence)s)
ON CONFLICT (hall, id) DO UPDATE SET ends_at = excluded.ends_at, reason = excluded.reason,
    reason_en = excluded.reason_en, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: list_closures
-- The closures that were not called off and have not ended before a moment.
SELECT id, department, "window", starts_at, ends_at, reason, reason_en FROM closures
WHERE hall = %(hall)s AND ends_at > starts_at AND ends_at > %(since)s;

-- name: paused
-- Who waits in queues that a closure stops and was not told of it yet, held; those another process has in hand are left to it.
SELECT ticket::text AS ticket, contacts.language FROM contacts
JOIN tickets ON tickets.hall = contacts.hall AND tickets.id = contacts.ticket
WHERE contacts.hall = %(hall)s AND contacts.business_date = %(business_date)s AND tickets.state = 'waiting'
    AND tickets.queue = ANY(%(queues)s) AND NOT %(closure)s = ANY(closures_told)
ORDER BY ticket LIMIT %(limit)s FOR UPDATE OF contacts SKIP LOCKED;

-- name: note_paused
-- Note that visitors were told of a closure.
UPDATE contacts SET closures_told = closures_told || %(closure)s::text
WHERE hall = %(hall)s AND ticket = ANY(%(tickets)s::uuid[]);

-- name: keep_calendar
-- Copy a year of the calendar unless a newer copy is here.
INSERT INTO calendar_years AS mine (hall, year, days, sequence)
VALUES (%(hall)s, %(year)s, %(days)s::jsonb, %(sequence)s)
ON CONFLICT (hall, year) DO UPDATE SET days = excluded.days, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: keep_session
-- Copy an extended session unless a newer copy is here.
INSERT INTO extended_sessions AS mine (hall, id, department, windows, starts_at, ends_at, state, opened_at, closed_at,
    sequence)
VALUES (%(hall)s, %(id)s, %(department)s, %(windows)s, %(starts_at)s, %(ends_at)s, %(state)s, %(opened_at)s,
    %(closed_at)s, %(sequence)s)
ON CONFLICT (hall, id) DO UPDATE SET department = excluded.department, windows = excluded.windows,
    starts_at = excluded.starts_at, ends_at = excluded.ends_at, state = excluded.state,
    opened_at = excluded.opened_at, closed_at = excluded.closed_at, sequence = excluded.sequence
WHERE mine.sequence < excluded.sequence;

-- name: count_copies
-- How much of the catalogue is here.
SELECT (SELECT count(*) FROM items WHERE hall = %(hall)s) AS items,
    (SELECT count(*) FROM queues WHERE hall = %(hall)s) AS queues,
    (SELECT count(*) FROM windows WHERE hall = %(hall)s) AS windows;

-- name: waiting_counts
-- How many tickets wait in each queue.
SELECT queue, count(*) AS waiting FROM tickets
WHERE hall = %(hall)s AND state = 'waiting'
    AND business_date >= coalesce((%(kept)s::jsonb ->> department)::date, %(business_date)s)
GROUP BY queue;

-- name: floor_queues
-- How many of each queue wait, are set aside and were missed, and since when the one who waits longest waits in it.
SELECT tickets.queue, count(*) FILTER (WHERE tickets.state = 'waiting') AS waiting,
    count(*) FILTER (WHERE tickets.state = 'on_hold') AS set_aside,
    count(*) FILTER (WHERE tickets.state = 'missed') AS missed,
    min(entered_at) FILTER (WHERE tickets.state = 'waiting') AS waiting_since
FROM tickets JOIN ticket_states
    ON ticket_states.hall = tickets.hall AND ticket_states.ticket = tickets.id AND left_at IS NULL
WHERE tickets.hall = %(hall)s AND tickets.state IN ('waiting', 'on_hold', 'missed')
    AND business_date >= coalesce((%(kept)s::jsonb ->> department)::date, %(business_date)s)
GROUP BY tickets.queue;

-- name: board_calling
-- The tickets called or being served at the windows of some zones, the newest call first.
SELECT windows.zone, tickets.number, tickets."window", windows.name AS window_name, windows.name_en AS window_name_en,
    tickets.queue, queues.name AS queue_name, queues.name_en AS queue_name_en, tickets.state, tickets.called_at,
    (SELECT count(*) FROM calls
        WHERE calls.hall = tickets.hall AND calls.ticket = tickets.id AND recall AND calls.called_at >= tickets.called_at
    ) AS recalls
FROM tickets
JOIN windows ON windows.hall = tickets.hall AND windows.code = tickets."window"
JOIN queues ON queues.hall = tickets.hall AND queues.code = tickets.queue
WHERE tickets.hall = %(hall)s AND tickets.state IN ('called', 'serving') AND windows.zone = ANY(%(zones)s)
ORDER BY tickets.called_at DESC;

-- name: board_missed
-- The tickets of some zones whose visitors did not come and may still be queued again, the newest first.
SELECT zone, number FROM tickets
WHERE hall = %(hall)s AND state = 'missed' AND zone = ANY(%(zones)s)
    AND business_date >= coalesce((%(kept)s::jsonb ->> department)::date, %(business_date)s)
ORDER BY called_at DESC NULLS LAST;

-- name: board_announcements
-- Calls and recalls of some zones since a moment, the oldest first.
SELECT zone, id AS seq, number, "window", called_at, recall
FROM calls WHERE hall = %(hall)s AND zone = ANY(%(zones)s) AND called_at > %(since)s
ORDER BY id;

-- name: add_evaluation
-- Keep an evaluation; no row when the visit was evaluated before.
INSERT INTO evaluations (hall, ticket, level, comment, "window", clerk, recorded_at)
VALUES (%(hall)s, %(ticket)s, %(level)s, %(comment)s, %(window)s, %(clerk)s, %(recorded_at)s)
ON CONFLICT (hall, ticket) DO NOTHING
RETURNING ticket;

-- name: lock_evaluation
-- Hold an evaluation until the transaction ends.
SELECT ticket FROM evaluations WHERE hall = %(hall)s AND ticket = %(ticket)s FOR UPDATE;

-- name: find_evaluation
-- An evaluation and how far its follow-up is.
SELECT hall, ticket, business_date, queue, department, item, "window", clerk, level, comment, recorded_at, follow_up,
    owner, due_on, result, version,
    (SELECT number FROM tickets WHERE tickets.id = evaluations_now.id AND tickets.hall = evaluations_now.hall) AS number
FROM evaluations_now WHERE hall = %(hall)s AND id = %(ticket)s;

-- name: list_evaluations
-- Evaluations of visits, the newest first, after the one where the last page ended.
SELECT hall, ticket, business_date, queue, department, item, "window", clerk, level, comment, recorded_at, follow_up,
    owner, due_on, result, version,
    (SELECT number FROM tickets WHERE tickets.id = evaluations_now.id AND tickets.hall = evaluations_now.hall) AS number
FROM evaluations_now
WHERE hall = %(hall)s
    AND business_date BETWEEN coalesce(%(since)s, business_date) AND coalesce(%(until)s, business_date)
    AND department = coalesce(%(department)s, department)
    AND (%(follow_up)s::text IS NULL OR follow_up = %(follow_up)s)
    AND (%(cursor)s::uuid IS NULL OR (recorded_at, id) < (
        SELECT recorded_at, ticket FROM evaluations WHERE hall = %(hall)s AND ticket = %(cursor)s))
ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s;

-- name: own_follow_ups
-- What an account was given to follow up and has not, what is due first.
SELECT hall, ticket, business_date, queue, department, item, "window", clerk, level, comment, recorded_at, follow_up,
    owner, due_on, result, version,
    (SELECT number FROM tickets WHERE tickets.id = evaluations_now.id AND tickets.hall = evaluations_now.hall) AS number
FROM evaluations_now
WHERE hall = %(hall)s AND follow_up = 'assigned' AND owner = %(owner)s
ORDER BY due_on, recorded_at, id LIMIT %(limit)s;

-- name: leave_step
-- The present step of a follow-up ends.
UPDATE evaluation_steps SET left_at = %(at)s WHERE hall = %(hall)s AND ticket = %(ticket)s AND left_at IS NULL;

-- name: add_step
-- A follow-up enters a state.
INSERT INTO evaluation_steps (hall, ticket, version, state, owner, due_on, result, by, entered_at)
VALUES (%(hall)s, %(ticket)s, %(version)s, %(follow_up)s, %(owner)s, %(due_on)s, %(result)s, %(by)s, %(at)s);

-- name: approaching
-- Who waits with few ahead in their queue and was not told yet, held; those another process has in hand are left to it.
WITH ranked AS (
    SELECT id, row_number() OVER (PARTITION BY queue
        ORDER BY call_rank(class_, overdue_at, %(at)s), call_weight(class_, rate, reference_at, overdue_at, %(at)s),
            reference_at, ordinal, id) - 1 AS ahead
    FROM tickets
    WHERE hall = %(hall)s AND state = 'waiting'
        AND business_date >= coalesce((%(kept)s::jsonb ->> department)::date, %(business_date)s)
)
SELECT ticket::text AS ticket, language, ahead FROM contacts JOIN ranked ON ranked.id = ticket
WHERE hall = %(hall)s AND told_at IS NULL AND ahead <= %(most)s
ORDER BY ticket LIMIT %(limit)s FOR UPDATE OF contacts SKIP LOCKED;

-- name: add_contact
-- Note that the visitor of a ticket can be reached, by a phone or through the appointment.
INSERT INTO contacts (hall, ticket, business_date, phone_sealed, phone_hash, language)
VALUES (%(hall)s, %(id)s, %(business_date)s, %(phone_sealed)s, %(phone_hash)s, %(language)s);

-- name: leave_contact
-- Keep the phone that was left later with a ticket; it takes the place of another. Who was told stays told.
WITH counted AS (
    UPDATE tickets SET same_phone = %(same_phone)s WHERE hall = %(hall)s AND id = %(ticket)s
)
INSERT INTO contacts AS mine (hall, ticket, business_date, phone_sealed, phone_hash, language)
VALUES (%(hall)s, %(ticket)s, %(business_date)s, %(phone_sealed)s, %(phone_hash)s, %(language)s)
ON CONFLICT (hall, ticket) DO UPDATE SET phone_sealed = excluded.phone_sealed, phone_hash = excluded.phone_hash,
    language = excluded.language;

-- name: same_phone
-- How many other tickets of a queue that are not done with a phone was left with.
SELECT count(*) FROM contacts JOIN tickets ON tickets.hall = contacts.hall AND tickets.id = contacts.ticket
WHERE contacts.hall = %(hall)s AND contacts.phone_hash = %(phone_hash)s AND tickets.queue = %(queue)s
    AND tickets.state IN ('waiting', 'called', 'serving', 'on_hold', 'missed') AND tickets.id <> %(besides)s;

-- name: note_told
-- Note that visitors were told.
UPDATE contacts SET told_at = %(at)s WHERE hall = %(hall)s AND ticket = ANY(%(tickets)s::uuid[]);

-- name: find_contact
-- The phone that was left with a ticket.
SELECT phone_sealed, language FROM contacts
WHERE hall = %(hall)s AND ticket = %(ticket)s AND phone_sealed IS NOT NULL;

-- name: note_access
-- Note who saw a person's data.
INSERT INTO personal_accesses (hall, ticket, by, roles, purpose, at)
VALUES (%(hall)s, %(ticket)s, %(by)s, %(roles)s, %(purpose)s, %(at)s);

-- name: erase_contacts
-- Forget how the visitors of days long ago were reached, the oldest first.
DELETE FROM contacts WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM contacts WHERE hall = %(hall)s AND business_date < %(before)s
    ORDER BY business_date LIMIT %(limit)s FOR UPDATE SKIP LOCKED));

-- name: sealed_under
-- Sealed phones by the id of their key.
SELECT split_part(phone_sealed, ':', 1) AS key, count(*) AS rows FROM contacts WHERE phone_sealed IS NOT NULL
GROUP BY 1 ORDER BY 1;

-- name: sealed_under_others
-- Phones to seal anew that nobody else has in hand.
SELECT hall, ticket::text AS ticket, phone_sealed FROM contacts
WHERE phone_sealed IS NOT NULL AND split_part(phone_sealed, ':', 1) <> %(key)s
ORDER BY hall, ticket LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: save_sealed
-- A phone sealed under another key.
UPDATE contacts SET phone_sealed = %(phone_sealed)s WHERE hall = %(hall)s AND ticket = %(ticket)s;
