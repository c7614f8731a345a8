-- Ticketing: who was never called or served has no moment at which that happened.
-- depends: 0008_kept_whole

-- 0007 took the greatest of a ticket's moments where the clocks of two machines differed, and so gave moments to tickets
-- that had none. What a ticket went through says which are true.
UPDATE tickets SET started_at = NULL
WHERE started_at IS NOT NULL AND (
    state IN ('waiting', 'called') OR state IN ('missed', 'cancelled', 'expired', 'closed') AND NOT EXISTS (
        SELECT FROM ticket_states AS was WHERE was.hall = tickets.hall AND was.ticket = tickets.id AND was.state = 'serving')
);
UPDATE tickets SET called_at = NULL
WHERE called_at IS NOT NULL AND (
    state = 'waiting' OR state IN ('cancelled', 'expired', 'closed') AND NOT EXISTS (
        SELECT FROM ticket_states AS was WHERE was.hall = tickets.hall AND was.ticket = tickets.id AND was.state = 'called')
);
