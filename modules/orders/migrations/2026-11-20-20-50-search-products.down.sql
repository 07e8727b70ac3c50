-- only postgresql
drop index products_by_words;
alter table products drop column words;

-- only sqlite
drop trigger product_words_removed;
drop trigger product_words_changed;
drop trigger product_words_added;
drop table product_words;
drop table product_numbers;
-- every engine
