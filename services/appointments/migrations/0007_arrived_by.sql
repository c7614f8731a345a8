-- By which command somebody came: whoever repeats it has the ticket's token, also when others told of the ticket first.
-- depends: 0006_wishes_end

ALTER TABLE appointments ADD COLUMN arrived_command text;
