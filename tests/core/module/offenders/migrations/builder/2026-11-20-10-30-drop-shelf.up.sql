alter table houses drop column shelf_id;
