drop table order_items;
drop table orders;
drop table products;
