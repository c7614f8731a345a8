-- name: commendation_counts
-- Letters, banners and plaques that came on these dates, by department and kind, of the hall or a department.
SELECT department, kind, count(*) AS count
FROM commendation_facts
WHERE hall = %(hall)s AND received_on BETWEEN %(since)s AND %(until)s AND NOT withdrawn
    AND department = coalesce(%(department)s::text, department)
GROUP BY department, kind ORDER BY department, kind;
