#pragma once

#include "db/schema_queries.hpp"

namespace bulkhead::db::sqlite {

inline constexpr SchemaQueries schema_queries{
    .columns =
        "select l.name as table_name, c.name, lower(c.type) as type,"
        " case c.\"notnull\" when 0 then 'null' else 'not null' end as nullability,"
        " c.dflt_value as preset"
        " from pragma_table_list as l join pragma_table_info(l.name) as c"
        " where l.schema = 'main' and l.type = 'table' order by l.name, c.cid",
    .keys =
        "select l.name as table_name, 'primary key (' || (select group_concat(name, ', ')"
        " from (select name from pragma_table_info(l.name) where pk > 0 order by pk)) || ')'"
        " as text from pragma_table_list as l where l.schema = 'main' and l.type = 'table'"
        " and exists (select 1 from pragma_table_info(l.name) where pk > 0)"
        " union all select l.name, 'unique (' || (select group_concat(name, ', ')"
        " from (select name from pragma_index_info(i.name) order by seqno)) || ')'"
        " from pragma_table_list as l join pragma_index_list(l.name) as i"
        " where l.schema = 'main' and l.type = 'table' and i.origin = 'u'"
        " union all select table_name, 'foreign key (' || group_concat(source, ', ')"
        " || ') references ' || target || ' (' || group_concat(sought, ', ') || ')'"
        " from (select l.name as table_name, f.id, f.\"from\" as source, f.\"to\" as sought,"
        " f.\"table\" as target from pragma_table_list as l"
        " join pragma_foreign_key_list(l.name) as f"
        " where l.schema = 'main' and l.type = 'table' order by l.name, f.id, f.seq)"
        " group by table_name, id, target",
    .checks =
        "select name as table_name, sql as text from sqlite_master"
        " where type = 'table' and sql is not null",
    .indexes =
        "select l.name as table_name, case i.\"unique\" when 1 then 'unique ' else '' end"
        " || i.name || ' (' || (select group_concat(name, ', ')"
        " from (select name from pragma_index_info(i.name) order by seqno)) || ')' as text"
        " from pragma_table_list as l join pragma_index_list(l.name) as i"
        " where l.schema = 'main' and l.type = 'table' and i.origin = 'c'",
};

}  // namespace bulkhead::db::sqlite
