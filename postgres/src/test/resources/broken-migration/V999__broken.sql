CREATE TABLE half_made (id int);
ALTER TABLE event ADD COLUMN broken no_such_type;
