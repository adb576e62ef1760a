#include "seedbed/engines/postgres/catalog.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "seedbed/engines/postgres/catalog_types.hpp"
#include "seedbed/engines/transaction.hpp"

namespace seedbed::postgres {

namespace {

// The relations that are read, and those of them that are tables; leaf partitions belong to their
// root.
constexpr std::string_view kRelations = R"sql(
WITH relation AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relpersistence <> 't'
    AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    AND n.nspname NOT LIKE 'seedbed%'
    AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                      AND e.deptype = 'e')),
base AS (SELECT * FROM relation
         WHERE relkind IN ('r', 'p') AND NOT relispartition))sql";

constexpr std::string_view kTablesSql = R"sql(
SELECT oid, nspname::text, relname::text, relkind::text,
       CASE WHEN relispartition THEN pg_partition_root(oid)::oid END
FROM relation WHERE NOT (relispartition AND relkind = 'p') ORDER BY nspname, relname)sql";

// A serial column draws its default from a sequence that belongs to it.
constexpr std::string_view kColumnsSql = R"sql(
SELECT r.oid, a.attname::text, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod),
       a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text,
       pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' AND EXISTS (
         SELECT FROM pg_depend o JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'
         WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
           AND o.refobjid = r.oid AND o.refobjsubid = a.attnum AND o.deptype = 'a')
FROM base r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
ORDER BY r.oid, a.attnum)sql";

// One row for each column of a key. Keys with a parent constraint are a partition's share of one.
constexpr std::string_view kConstraintsSql = R"sql(
SELECT r.oid, con.oid, con.conname::text, con.contype::text, a.attname::text, pn.nspname::text,
       pc.relname::text, pa.attname::text, con.confdeltype::text, con.confupdtype::text,
       con.condeferrable, con.condeferred,
       CASE con.contype WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid) END
FROM pg_constraint con JOIN base r ON r.oid = con.conrelid
LEFT JOIN LATERAL unnest(con.conkey, con.confkey) WITH ORDINALITY AS k(child, parent, position)
  ON con.contype <> 'c'
LEFT JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.child
LEFT JOIN pg_class pc ON pc.oid = con.confrelid
LEFT JOIN pg_namespace pn ON pn.oid = pc.relnamespace
LEFT JOIN pg_attribute pa ON pa.attrelid = con.confrelid AND pa.attnum = k.parent
WHERE con.contype IN ('p', 'f', 'c') AND con.conparentid = 0 ORDER BY con.oid, k.position)sql";

// Unique constraints come as the index behind them, which has the same name. NULLS NOT DISTINCT is
// read through JSON, since PostgreSQL 14 has no such column.
constexpr std::string_view kUniqueSql = R"sql(
SELECT r.oid, ic.relname::text, i.indpred IS NOT NULL, i.indexprs IS NOT NULL,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false),
       CASE WHEN i.indpred IS NOT NULL OR i.indexprs IS NOT NULL
            THEN pg_get_indexdef(i.indexrelid) END,
       a.attname::text
FROM pg_index i JOIN base r ON r.oid = i.indrelid
JOIN pg_class ic ON ic.oid = i.indexrelid
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, position)
LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.number AND k.number > 0
WHERE i.indisunique AND NOT i.indisprimary AND i.indisvalid AND k.position <= i.indnkeyatts
ORDER BY r.oid, ic.relname, k.position)sql";

constexpr std::string_view kTriggersSql = R"sql(
SELECT r.oid, t.tgname::text FROM pg_trigger t JOIN base r ON r.oid = t.tgrelid
WHERE NOT t.tgisinternal AND strpos(t.tgname, 'seedbed ') <> 2 ORDER BY r.oid, t.tgname)sql";

// The owner is the column that the sequence belongs to, else the only column that draws from it.
constexpr std::string_view kSequencesSql = R"sql(
SELECT n.nspname::text, c.relname::text, s.seqincrement, s.seqstart, o.nspname::text,
       o.relname::text, o.attname::text
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid AND c.relpersistence <> 't'
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
  SELECT r.nspname, r.relname, a.attname,
         row_number() OVER (ORDER BY link.owned DESC, r.oid) AS number, link.owned,
         count(*) FILTER (WHERE NOT link.owned) OVER () AS drawing
  FROM (SELECT d.refobjid AS relid, d.refobjsubid AS attnum, true AS owned FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
        UNION ALL
        SELECT f.adrelid, f.adnum, false FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
        WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
          AND d.refobjid = c.oid) link
  JOIN base r ON r.oid = link.relid
  JOIN pg_attribute a ON a.attrelid = link.relid AND a.attnum = link.attnum
) o ON o.number = 1 AND (o.owned OR o.drawing = 1)
WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND n.nspname NOT LIKE 'seedbed%'
  AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname, c.relname)sql";

ReferentialAction action_of(const std::string& code) {
  switch (code.front()) {
    case 'r': return ReferentialAction::restrict;
    case 'c': return ReferentialAction::cascade;
    case 'n': return ReferentialAction::set_null;
    case 'd': return ReferentialAction::set_default;
    default: return ReferentialAction::no_action;
  }
}

Generated generated_of(const std::string& code) {
  if (code == "s") return Generated::stored;
  return code == "v" ? Generated::virtual_ : Generated::no;
}

Identity identity_of(const std::string& code, bool serial) {
  if (code == "a") return Identity::always;
  return code == "d" || serial ? Identity::by_default : Identity::no;
}

Column column_of(const Row& row, const TypeCatalog& types) {
  const std::int64_t type = row[2].integer();
  Column column{.name = row[1].text(),
                .type = types.column_type(type, static_cast<int>(row[3].integer()), row[4].text()),
                .nullable = !row[5].boolean() && !types.forbids_null(type),
                .generated = generated_of(row[7].text()),
                .identity = identity_of(row[8].text(), !row[9].is_null() && row[9].boolean())};
  const bool own_default = column.generated == Generated::no && column.identity == Identity::no;
  if (own_default && !row[6].is_null()) column.default_sql = row[6].text();
  return column;
}

TableName name_of(const Value& schema, const Value& name) {
  return {schema_of(schema.text()), name.text()};
}

// The tables under construction, by their catalog number.
class CatalogReader {
 public:
  explicit CatalogReader(Connection& connection) : connection_{connection} {}

  Schema read() {
    read_relations();
    read_columns();
    read_constraints();
    read_unique_keys();
    for (const auto& row : query(kTriggersSql)) table(row)->triggers.push_back(row[1].text());
    auto sequences = read_sequences();
    std::vector<Table> tables;
    for (auto& [oid, table] : tables_) {
      sort_members(table);
      tables.push_back(std::move(table));
    }
    return Schema{std::move(tables), std::move(views_), std::move(sequences)};
  }

 private:
  std::vector<Row> query(std::string_view sql) {
    return connection_.query(std::string{kRelations} + std::string{sql}).rows;
  }

  Table* table(const Row& row) { return &tables_[row[0].integer()]; }

  void read_relations() {
    std::vector<std::pair<std::int64_t, TableName>> leaves;
    for (const auto& row : query(kTablesSql)) {
      TableName name = name_of(row[1], row[2]);
      if (row[3].text() == "v" || row[3].text() == "m") {
        views_.push_back(std::move(name));
      } else if (row[4].is_null()) {
        table(row)->name = std::move(name);
      } else {
        leaves.emplace_back(row[4].integer(), std::move(name));
      }
    }
    for (auto& [root, name] : leaves) {
      const auto found = tables_.find(root);
      if (found != tables_.end()) found->second.partitions.push_back(std::move(name));
    }
  }

  void read_columns() {
    const TypeCatalog types{connection_};
    for (const auto& row : query(kColumnsSql)) {
      table(row)->columns.push_back(column_of(row, types));
    }
  }

  void read_constraints() {
    std::int64_t last = 0;
    for (const auto& row : query(kConstraintsSql)) {
      Table& owner = *table(row);
      const std::string& kind = row[3].text();
      const bool begins = std::exchange(last, row[1].integer()) != last;
      if (kind == "c") {
        owner.checks.push_back({row[2].text(), row[12].text()});
      } else if (kind == "p") {
        owner.primary_key.push_back(row[4].text());
      } else {
        if (begins) owner.foreign_keys.push_back(foreign_key_of(row));
        owner.foreign_keys.back().columns.push_back(row[4].text());
        owner.foreign_keys.back().parent_columns.push_back(row[7].text());
      }
    }
  }

  static ForeignKey foreign_key_of(const Row& row) {
    return {.name = row[2].text(),
            .parent = name_of(row[5], row[6]),
            .on_delete = action_of(row[8].text()),
            .on_update = action_of(row[9].text()),
            .deferrable = row[10].boolean(),
            .initially_deferred = row[11].boolean()};
  }

  void read_unique_keys() {
    for (const auto& row : query(kUniqueSql)) {
      auto& keys = table(row)->unique_keys;
      if (keys.empty() || keys.back().name != row[1].text()) {
        keys.push_back({.name = row[1].text(),
                        .partial = row[2].boolean(),
                        .expression = row[3].boolean(),
                        .nulls_not_distinct = row[4].boolean(),
                        .definition = row[5].is_null() ? "" : row[5].text()});
      }
      keys.back().columns.push_back(row[6].is_null() ? "" : row[6].text());
    }
  }

  std::vector<Sequence> read_sequences() {
    std::vector<Sequence> sequences;
    for (const auto& row : query(kSequencesSql)) {
      Sequence sequence{.name = name_of(row[0], row[1]),
                        .increment = row[2].integer(),
                        .start = row[3].integer()};
      if (!row[5].is_null()) {
        sequence.owner = name_of(row[4], row[5]);
        sequence.owner_column = row[6].text();
      }
      sequences.push_back(std::move(sequence));
    }
    return sequences;
  }

  static void sort_members(Table& table) {
    const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
    std::sort(table.unique_keys.begin(), table.unique_keys.end(), by_name);
    std::sort(table.checks.begin(), table.checks.end(), by_name);
    std::sort(table.triggers.begin(), table.triggers.end());
    std::sort(table.partitions.begin(), table.partitions.end());
    std::sort(table.foreign_keys.begin(), table.foreign_keys.end(),
              [](const ForeignKey& a, const ForeignKey& b) {
                return std::tie(a.columns, a.name) < std::tie(b.columns, b.name);
              });
  }

  Connection& connection_;
  std::map<std::int64_t, Table> tables_;
  std::vector<TableName> views_;
};

}  // namespace

std::string schema_of(std::string_view namespace_name) {
  return namespace_name == "public" ? "" : std::string{namespace_name};
}

Schema read_catalog(Connection& connection) {
  // Types and expressions are printed with or without their schema by search_path: read under a
  // fixed one, for this transaction only.
  Transaction transaction{connection};
  connection.execute("SET LOCAL search_path TO public");
  Schema schema = CatalogReader{connection}.read();
  transaction.rollback();
  return schema;
}

}  // namespace seedbed::postgres
