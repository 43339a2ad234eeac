SELECT pg_sleep(1.2);
CREATE TABLE session_of_migration AS
SELECT current_setting('work_mem') AS work_mem, current_setting('application_name') AS application_name;
