-- name: add_meeting
-- Call a meeting; no row when there is one of the quarter.
INSERT INTO meetings (hall, id, quarter, held_on, agenda, version, called_by, called_at)
VALUES (%(hall)s, %(id)s, %(quarter)s, %(held_on)s, %(agenda)s::json, %(version)s, %(called_by)s, %(called_at)s)
ON CONFLICT (hall, quarter) DO NOTHING
RETURNING id;

-- name: find_meeting
-- One meeting.
SELECT hall, id::text AS id, quarter, held_on, agenda, minutes, version, called_by, called_at
FROM meetings WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_meeting
-- Hold a meeting until the transaction ends.
SELECT id FROM meetings WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: save_minutes
-- Write minutes.
UPDATE meetings SET minutes = %(minutes)s, version = %(version)s WHERE hall = %(hall)s AND id = %(id)s;

-- name: list_meetings
-- All meetings, the newest first, with how many of their actions are open.
SELECT meetings.id::text AS id, quarter, held_on, version, minutes IS NOT NULL AS has_minutes, count(actions.id) AS actions,
    count(actions.id) FILTER (WHERE actions.state = 'open') AS open_actions
FROM meetings LEFT JOIN meeting_actions AS actions ON actions.hall = meetings.hall AND actions.meeting = meetings.id
WHERE meetings.hall = %(hall)s
GROUP BY meetings.hall, meetings.id ORDER BY held_on DESC, quarter DESC;

-- name: add_action
-- Keep an action, behind those of the meeting.
INSERT INTO meeting_actions (hall, id, meeting, ordinal, task, department, due_on, state)
SELECT %(hall)s, %(id)s, %(meeting)s, count(*) + 1, %(task)s, %(department)s, %(due_on)s, 'open'
FROM meeting_actions WHERE hall = %(hall)s AND meeting = %(meeting)s;

-- name: lock_action
-- One action, held until the transaction ends.
SELECT hall, id::text AS id, meeting::text AS meeting, ordinal, task, department, due_on, state, result, settled_by,
    settled_at
FROM meeting_actions WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: save_action
-- Settle an action.
UPDATE meeting_actions SET state = %(state)s, result = %(result)s, settled_by = %(settled_by)s,
    settled_at = %(settled_at)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: meeting_actions
-- The actions of a meeting in their order.
SELECT hall, id::text AS id, meeting::text AS meeting, ordinal, task, department, due_on, state, result, settled_by,
    settled_at
FROM meeting_actions WHERE hall = %(hall)s AND meeting = %(meeting)s ORDER BY ordinal;

-- name: actions_of
-- What a department has agreed to and not done, what is due first.
SELECT id::text AS id, task, department, due_on FROM meeting_actions
WHERE hall = %(hall)s AND department = %(department)s AND state = 'open'
ORDER BY due_on, ordinal, id LIMIT %(limit)s;

-- name: open_actions
-- Actions of any meeting that are open, those due first.
SELECT meeting_actions.id::text AS id, quarter, ordinal, task, department, due_on
FROM meeting_actions JOIN meetings ON meetings.hall = meeting_actions.hall AND meetings.id = meeting
WHERE meeting_actions.hall = %(hall)s AND state = 'open' ORDER BY due_on, quarter, ordinal;
