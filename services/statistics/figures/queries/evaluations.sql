-- name: evaluations
-- Evaluations of visits on these dates by level, and the follow-ups of the negative ones, by group.
WITH sums AS (
    SELECT CASE %(group)s WHEN 'department' THEN department ELSE item END AS "group",
        count(*) FILTER (WHERE level = 1) AS level_1, count(*) FILTER (WHERE level = 2) AS level_2,
        count(*) FILTER (WHERE level = 3) AS level_3, count(*) FILTER (WHERE level = 4) AS level_4,
        count(*) FILTER (WHERE level = 5) AS level_5,
        count(*) FILTER (WHERE level <= 2 AND follow_up = 'followed_up') AS followed_up
    FROM evaluation_facts WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s GROUP BY 1
)
SELECT sums.*, name, name_en
FROM sums LEFT JOIN names ON hall = %(hall)s AND kind = %(group)s AND code = "group"
WHERE "group" IS NOT NULL ORDER BY "group";

-- name: evaluation_counts
-- Evaluations of visits on these dates by level, and how many were followed up, of the hall or a department.
SELECT level, count(*) AS count, count(*) FILTER (WHERE follow_up = 'followed_up') AS followed_up
FROM evaluation_facts
WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
    AND department = coalesce(%(department)s::text, department)
GROUP BY level ORDER BY level;
