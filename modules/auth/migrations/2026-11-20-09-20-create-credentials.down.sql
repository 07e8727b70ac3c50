drop table refresh_tokens;
drop table administrators;
drop table credentials;
