#pragma once

#include "db/schema_queries.hpp"

namespace bulkhead::db::postgresql {

/// PostgreSQL keeps no text of a declaration but an expression; what it adds to one is taken off.
inline constexpr SchemaQueries schema_queries{
    .columns =
        "select cast(t.relname as text) as table_name, cast(c.attname as text) as name,"
        " replace(replace(format_type(c.atttypid, c.atttypmod), ' with time zone', 'tz'),"
        " ' without time zone', '') as type,"
        " case when c.attnotnull then 'not null' else 'null' end as nullability,"
        " pg_get_expr(d.adbin, d.adrelid) as preset"
        " from pg_class as t join pg_attribute as c on c.attrelid = t.oid"
        " left join pg_attrdef as d on d.adrelid = t.oid and d.adnum = c.attnum"
        " where t.relnamespace = cast(current_schema() as regnamespace)"
        " and t.relkind = 'r' and c.attnum > 0 and not c.attisdropped"
        " and c.attgenerated = '' order by t.relname, c.attnum",
    .keys =
        "select cast(t.relname as text) as table_name,"
        " regexp_replace(lower(replace(pg_get_constraintdef(k.oid), '\"', '')),"
        R"( '(\w)\(', '\1 (', 'g'))"
        " as text from pg_constraint as k join pg_class as t on t.oid = k.conrelid"
        " where k.connamespace = cast(current_schema() as regnamespace)"
        " and k.contype in ('p', 'u', 'f')",
    .checks =
        "select cast(t.relname as text) as table_name, 'check ' || regexp_replace("
        "replace(pg_get_expr(k.conbin, k.conrelid), cast('::text' as text), ''),"
        R"( '= ANY \(ARRAY\[(.*?)\]\)', 'in (\1)', 'g') as text)"
        " from pg_constraint as k join pg_class as t on t.oid = k.conrelid"
        " where k.connamespace = cast(current_schema() as regnamespace)"
        " and k.contype = 'c'",
    .indexes =
        "select cast(t.relname as text) as table_name,"
        " case when x.indisunique then 'unique ' else '' end || i.relname || ' ' ||"
        " replace(substring(pg_get_indexdef(i.oid) from 'USING btree (.*)$'), '\"', '') as text"
        " from pg_index as x join pg_class as i on i.oid = x.indexrelid"
        " join pg_class as t on t.oid = x.indrelid join pg_am as a on a.oid = i.relam"
        " where t.relnamespace = cast(current_schema() as regnamespace)"
        " and a.amname = 'btree' and not exists"
        " (select 1 from pg_constraint as k where k.conindid = i.oid"
        " and k.contype in ('p', 'u'))",
};

}  // namespace bulkhead::db::postgresql
