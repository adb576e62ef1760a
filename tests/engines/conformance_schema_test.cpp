#include "tests/engines/conformance_schema.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "seedbed/schema/graph.hpp"
#include "tests/engines/conformance.hpp"

namespace seedbed {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TableName name(std::string table) {
  return {"", std::move(table)};
}

class Introspection : public testing::ConformanceTest {
 protected:
  void SetUp() override {
    ConformanceTest::SetUp();
    if (IsSkipped()) return;
    connection().execute_script(
        pick(testing::kSqliteSchema, testing::kPostgresSchema, testing::kMysqlSchema));
    schema_ = engine().introspect(connection());
  }

  [[nodiscard]] const Table& table(std::string_view table_name) const {
    return schema_.at(table_name);
  }
  [[nodiscard]] const Column& column(std::string_view table_name,
                                     std::string_view column_name) const {
    return table(table_name).column(column_name);
  }
  // The table's key on exactly these columns.
  [[nodiscard]] const ForeignKey& key(std::string_view table_name,
                                      const std::vector<std::string>& columns) const {
    for (const auto& found : table(table_name).foreign_keys) {
      if (found.columns == columns) return found;
    }
    throw std::runtime_error{"no such key"};
  }
  [[nodiscard]] const UniqueKey* unique(std::string_view table_name, std::string_view index) const {
    for (const auto& found : table(table_name).unique_keys) {
      if (found.name == index) return &found;
    }
    return nullptr;
  }

  Schema schema_;
};
SEEDBED_ON_ALL_ENGINES(Introspection);

TEST_P(Introspection, FindsTablesApartFromViews) {
  EXPECT_THAT(schema_.table_names(), ElementsAre("audit", "author", "book", "person", "review",
                                                 "team", "we\"ird `n'ame`"));
  EXPECT_THAT(schema_.views(), ElementsAre(name("busy_author")));
}

TEST_P(Introspection, ReadsColumnsInDeclaredOrder) {
  EXPECT_THAT(table("author").column_names(),
              ElementsAre("id", "email", "name", "rating", "active", "born", "mentor_id"));
  EXPECT_THAT(table("we\"ird `n'ame`").column_names(), ElementsAre("select", "na\"i`ve '表'"));
}

TEST_P(Introspection, ReadsTypes) {
  EXPECT_EQ(column("author", "email").type.type_class, TypeClass::text);
  EXPECT_EQ(column("author", "email").type.length, 120);
  EXPECT_EQ(column("author", "rating").type.type_class, TypeClass::decimal);
  EXPECT_EQ(column("author", "rating").type.precision, 5);
  EXPECT_EQ(column("author", "rating").type.scale, 2);
  EXPECT_EQ(column("author", "active").type.type_class, TypeClass::boolean);
  EXPECT_EQ(column("author", "born").type.type_class, TypeClass::date);
  EXPECT_FALSE(column("author", "born").type.declared.empty());
}

TEST_P(Introspection, ReadsNullability) {
  EXPECT_FALSE(column("author", "id").nullable);
  EXPECT_FALSE(column("author", "email").nullable);
  EXPECT_TRUE(column("author", "rating").nullable);
  EXPECT_FALSE(column("book", "number").nullable);
}

TEST_P(Introspection, ReadsDefaults) {
  ASSERT_TRUE(column("author", "name").default_sql.has_value());
  EXPECT_THAT(*column("author", "name").default_sql, HasSubstr("nobody"));
  EXPECT_TRUE(column("author", "active").default_sql.has_value());
  EXPECT_EQ(column("author", "email").default_sql, std::nullopt);
  EXPECT_EQ(column("author", "rating").default_sql, std::nullopt);
}

TEST_P(Introspection, ReadsIdentities) {
  EXPECT_EQ(column("author", "id").identity, Identity::by_default);
  EXPECT_EQ(column("author", "id").default_sql, std::nullopt);
  EXPECT_EQ(column("audit", "id").identity,
            is("postgres") ? Identity::always : Identity::by_default);
  EXPECT_EQ(column("book", "number").identity, Identity::no);
}

TEST_P(Introspection, ReadsGeneratedColumns) {
  EXPECT_EQ(column("book", "title").generated, Generated::no);
  EXPECT_EQ(column("book", "shout").generated, Generated::stored);
  EXPECT_EQ(column("book", "shout").default_sql, std::nullopt);
  EXPECT_THAT(table("book").stored_columns(), ElementsAre("author_id", "number", "title"));
  if (is("postgres")) return;
  EXPECT_EQ(column("review", "doubled").generated, Generated::virtual_);
}

TEST_P(Introspection, ReadsPrimaryKeys) {
  EXPECT_THAT(table("author").primary_key, ElementsAre("id"));
  EXPECT_THAT(table("book").primary_key, ElementsAre("author_id", "number"));
  EXPECT_TRUE(table("we\"ird `n'ame`").primary_key.empty());
}

TEST_P(Introspection, ReadsUniqueKeys) {
  const auto& keys = table("author").unique_keys;
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_THAT(keys.front().columns, ElementsAre("email"));
  EXPECT_TRUE(keys.front().plain());
  ASSERT_NE(unique("team", "team_place"), nullptr);
  EXPECT_THAT(unique("team", "team_place")->columns, ElementsAre("city", "label"));
  EXPECT_EQ(unique("team", "team_city"), nullptr);
}

TEST_P(Introspection, MarksPartialAndExpressionIndexes) {
  if (is("mysql")) GTEST_SKIP() << "MariaDB has neither";
  const UniqueKey* partial = unique("book", "book_first");
  const UniqueKey* expression = unique("book", "book_title_lower");

  ASSERT_NE(partial, nullptr);
  EXPECT_TRUE(partial->partial);
  EXPECT_FALSE(partial->expression);
  EXPECT_THAT(partial->definition, HasSubstr("WHERE"));
  ASSERT_NE(expression, nullptr);
  EXPECT_TRUE(expression->expression);
  EXPECT_FALSE(expression->plain());
  EXPECT_THAT(expression->columns, ElementsAre("", "author_id"));
  EXPECT_THAT(expression->definition, HasSubstr("lower"));
}

TEST_P(Introspection, ReadsForeignKeys) {
  const ForeignKey& author = key("book", {"author_id"});
  EXPECT_EQ(author.name, "book_author");
  EXPECT_EQ(author.parent, name("author"));
  EXPECT_THAT(author.parent_columns, ElementsAre("id"));
  EXPECT_EQ(author.on_delete, ReferentialAction::cascade);
  EXPECT_EQ(author.on_update, ReferentialAction::cascade);
  EXPECT_EQ(author.deferrable, !is("mysql"));
  EXPECT_EQ(author.initially_deferred, !is("mysql"));

  const ForeignKey& self = key("author", {"mentor_id"});
  EXPECT_EQ(self.parent, name("author"));
  EXPECT_EQ(self.on_delete, ReferentialAction::set_null);
  EXPECT_FALSE(self.deferrable);

  const ForeignKey& composite = key("review", {"author_id", "book_number"});
  EXPECT_EQ(composite.parent, name("book"));
  EXPECT_THAT(composite.parent_columns, ElementsAre("author_id", "number"));
  EXPECT_EQ(composite.on_delete, ReferentialAction::restrict);
}

TEST_P(Introspection, ReadsChecks) {
  const auto& checks = table("author").checks;
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(checks.front().name, "author_rating");
  EXPECT_THAT(checks.front().expression, HasSubstr("rating"));
  EXPECT_THAT(checks.front().expression, HasSubstr("9.5"));
  EXPECT_THAT(checks.front().expression, ::testing::Not(HasSubstr("CHECK")));
}

TEST_P(Introspection, ReadsTriggerNames) {
  EXPECT_THAT(table("review").triggers, ElementsAre("a_review", "watch review"));
  EXPECT_TRUE(table("author").triggers.empty());
}

TEST_P(Introspection, ReadsSequencesWithTheirOwners) {
  std::vector<std::string> owners;
  for (const auto& sequence : schema_.sequences()) {
    EXPECT_EQ(sequence.start, 1);
    EXPECT_EQ(sequence.increment, 1);
    ASSERT_TRUE(sequence.owner.has_value());
    owners.push_back(sequence.owner->to_string() + "." + sequence.owner_column);
  }
  EXPECT_THAT(owners, ::testing::IsSupersetOf({"audit.id", "author.id"}));
}

TEST_P(Introspection, OrdersTablesAndFindsTheCycle) {
  const InsertOrder order = insert_order(schema_);
  const auto position = [&](const std::string& table_name) {
    return std::find(order.tables.begin(), order.tables.end(), name(table_name));
  };

  EXPECT_EQ(order.tables.size(), schema_.tables().size());
  EXPECT_LT(position("author"), position("book"));
  EXPECT_LT(position("book"), position("review"));
  EXPECT_LT(position("team"), position("person"));
  EXPECT_THAT(order.cycles, ElementsAre(ElementsAre(name("person"), name("team"))));
  ASSERT_EQ(order.late.size(), 1U);
  EXPECT_EQ(order.late.front().table, name("team"));
  EXPECT_TRUE(order.late.front().nullable);
}

TEST_P(Introspection, IsTheSameEveryTime) {
  const Schema again = engine().introspect(*connect());

  EXPECT_TRUE(std::equal(schema_.tables().begin(), schema_.tables().end(), again.tables().begin(),
                         again.tables().end()));
}

TEST_P(Introspection, FindsNothingInAnEmptyDatabase) {
  const testing::TestDatabase empty{GetParam()};

  const Schema found = engine().introspect(*empty.connect());

  EXPECT_TRUE(found.tables().empty());
  EXPECT_TRUE(found.views().empty());
  EXPECT_TRUE(found.sequences().empty());
}

}  // namespace

}  // namespace seedbed
