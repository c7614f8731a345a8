-- Statistics: quality is handed the departments, too. In a hall that is loaded already nobody tells a new service of them.
-- depends: 0015_taking_back_all

INSERT INTO outbox (type, body, created_at)
SELECT 'statistics.records.handed_over', json_build_object('specversion', '1.0', 'id', gen_random_uuid(),
    'source', '/hallflow/statistics', 'type', 'statistics.records.handed_over', 'subject', 'departments',
    'time', now(), 'datacontenttype', 'application/json', 'hall', hall, 'sequence', 1, 'callid', '',
    'data', json_build_object('table', 'departments', 'rows', json_agg(json_build_object('hall', hall, 'code', code,
        'name', name, 'name_en', name_en, 'sequence', sequence) ORDER BY code))), now()
FROM names WHERE kind = 'department'
GROUP BY hall ORDER BY hall;
