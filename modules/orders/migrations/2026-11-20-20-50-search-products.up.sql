-- The words of products: those of the name weigh most, then those of the sku.

-- only postgresql
-- Case and accents are folded, and what is no letter or digit parts words: as FTS5 does it.
alter table products add column words tsvector generated always as (
    setweight(to_tsvector('simple', regexp_replace(regexp_replace(
        normalize(name, nfd), '[\u0300-\u036f]+', '', 'g'), '[!-/:-@\[-`{-~]+', ' ', 'g')), 'A')
    || setweight(to_tsvector('simple', regexp_replace(sku, '[!-/:-@\[-`{-~]+', ' ', 'g')), 'B')
    || setweight(to_tsvector('simple', regexp_replace(regexp_replace(
        normalize(description, nfd), '[\u0300-\u036f]+', '', 'g'), '[!-/:-@\[-`{-~]+', ' ', 'g')),
        'D')
) stored;
create index products_by_words on products using gin (words);

-- only sqlite
-- FTS5 knows rows by a number, and that of products may change (vacuum): they get one that does not.
create table product_numbers (
    number integer primary key,
    product_id uuid not null unique
);
create virtual table product_words using fts5 (
    name, sku, description, tokenize = "unicode61 remove_diacritics 2"
);
insert into product_numbers (product_id) select id from products;
insert into product_words (rowid, name, sku, description)
    select number, name, sku, description from products join product_numbers on product_id = id;

create trigger product_words_added after insert on products begin
    insert into product_numbers (product_id) values (new.id);
    insert into product_words (rowid, name, sku, description)
        select number, new.name, new.sku, new.description from product_numbers
        where product_id = new.id;
end;
create trigger product_words_changed after update of name, sku, description on products begin
    update product_words set name = new.name, sku = new.sku, description = new.description
        where rowid = (select number from product_numbers where product_id = new.id);
end;
create trigger product_words_removed before delete on products begin
    delete from product_words
        where rowid = (select number from product_numbers where product_id = old.id);
    delete from product_numbers where product_id = old.id;
end;
-- every engine
