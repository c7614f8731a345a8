-- name: waits
-- Waits, estimates and service by stretches of these dates that were called or served, by group; hours are those of
-- entering the queue. Service counts where it was given, also of who was sent on then. What was worked is all of it,
-- that which was closed too; a window's is told beside the time for which it was open.
WITH stretches AS (
    SELECT CASE %(group)s WHEN 'queue' THEN queue WHEN 'department' THEN department WHEN 'item' THEN item
            WHEN 'window' THEN "window" ELSE to_char(issued_hour, 'FM00') END AS "group",
        wait_s, p50_s, p90_s,
        CASE WHEN state IN ('served', 'transferred', 'put_back', 'moved', 'expired')
            THEN CASE %(group)s WHEN 'window' THEN window_s ELSE service_s END END AS service_s,
        window_s
    FROM ticket_facts
    WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
        AND (wait_s IS NOT NULL OR window_s IS NOT NULL)
), opened AS (
    SELECT "window", sum(extract(epoch FROM greatest(left_at - signed_in_at, interval '0')))::bigint AS open_s
    FROM (
        SELECT "window", signed_in_at, least(%(at)s, coalesce(
            left_at, lead(signed_in_at) OVER (PARTITION BY "window" ORDER BY signed_in_at))) AS left_at
        FROM window_facts
        WHERE %(group)s = 'window' AND hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
    ) AS sessions GROUP BY "window"
), sums AS (
    SELECT "group", count(wait_s) AS called,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY wait_s) AS median_wait_s,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY wait_s) AS p90_wait_s,
        count(wait_s + p90_s) AS estimated, count(*) FILTER (WHERE wait_s <= p90_s) AS covered,
        avg(abs(wait_s - p50_s)) AS mean_abs_error_s,
        count(*) FILTER (WHERE wait_s < %(promised_s)s) AS prompt,
        count(service_s) AS served, avg(service_s) AS mean_service_s,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY service_s) AS p90_service_s,
        coalesce(sum(window_s), 0) AS worked_s
    FROM stretches GROUP BY 1
)
SELECT sums.*, open_s, name, name_en
FROM sums LEFT JOIN opened ON opened."window" = sums."group"
    LEFT JOIN names ON hall = %(hall)s AND kind = %(group)s AND code = "group"
WHERE "group" IS NOT NULL ORDER BY "group";

-- name: durations
-- Waits or services by stretches of these dates by whole minutes, all from `last` on together.
SELECT least(seconds / 60, %(last)s) AS minute, count(*) AS count
FROM (
    SELECT CASE WHEN %(kind)s = 'wait' THEN wait_s
            WHEN state IN ('served', 'transferred', 'put_back', 'moved', 'expired') THEN service_s END AS seconds
    FROM ticket_facts
    WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
        AND (%(queue)s::text IS NULL OR queue = %(queue)s)
) AS measured
WHERE seconds IS NOT NULL GROUP BY 1;
