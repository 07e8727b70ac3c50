drop table houses;
