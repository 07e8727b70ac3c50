alter table no_such_table drop column note;
