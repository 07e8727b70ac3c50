-- contract
alter table houses drop column id;
