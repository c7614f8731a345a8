-- Cases: what a clerk has accepted on a day.
-- depends: 0006_time_left

CREATE INDEX cases_of_a_clerk ON cases (clerk, business_date, hall);
