drop table sample_items;
