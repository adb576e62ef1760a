// What the best factory libraries promise of rows above and below.
#include <string>

#include <gtest/gtest.h>

#include "tests/factories/relation_fixture.hpp"

namespace seedbed::testing {
namespace {

constexpr const char* kRelationTables = R"(
CREATE TABLE schools (id {id}, name varchar(80) NOT NULL);
CREATE TABLE students (id {id}, name varchar(80) NOT NULL, school_id bigint NOT NULL,
  mentor_id bigint, FOREIGN KEY (school_id) REFERENCES schools (id),
  FOREIGN KEY (mentor_id) REFERENCES students (id));
CREATE TABLE profiles (id {id}, student_id bigint NOT NULL, school_id bigint NOT NULL,
  FOREIGN KEY (student_id) REFERENCES students (id),
  FOREIGN KEY (school_id) REFERENCES schools (id));
CREATE TABLE notes (id {id}, profile_id bigint NOT NULL, text varchar(80) NOT NULL,
  FOREIGN KEY (profile_id) REFERENCES profiles (id));
)";

constexpr const char* kRelationFactories = R"(
factories:
  school: { has: { students: { factory: student, count: 0 } } }
  student: { has: { profiles: { factory: profile, count: 0 } } }
  profile: { has: { notes: { factory: note, count: 0 } } }
  note: {}
  fixed:
    extends: student
    traits:
      by_key: { set: { school_id: 7 } }
      by_row: { refs: { school: { factory: school } } }
  mentored: { extends: student, refs: { mentor: { factory: student } } }
  endless: { table: students, refs: { mentor: { factory: endless } } }
)";

class Relations : public RelationTest {
 protected:
  void SetUp() override {
    RelationTest::SetUp();
    if (IsSkipped()) return;
    make_tables(kRelationTables);
    define(kRelationFactories);
  }
};
SEEDBED_ON_SQLITE(Relations);

TEST_P(Relations, ARowThatIsGivenBeatsAKeyThatATraitSets) {
  const auto school = db().create("school");

  const auto student = db().create("fixed", {.traits = {"by_key"}, .set = {{"school", school}}});
  const auto named = db().create("fixed", {.traits = {"by_key"}, .set = {{"school.name", "Hill"}}});

  EXPECT_EQ(student["school_id"], school.id());
  EXPECT_EQ(named.relation("school")["name"], Value{"Hill"});
}

TEST_P(Relations, AKeyThatIsGivenBeatsTheRowAboveOfTheFactory) {
  const auto school = db().create("school");

  const auto student =
      db().create("fixed", {.traits = {"by_row"}, .set = {{"school_id", school.id()}}});

  EXPECT_EQ(student["school_id"], school.id());
  EXPECT_EQ(count("schools"), 1);
  EXPECT_THAT(
      [&] {
        db().create("fixed", {.set = {{"school", school}, {"school_id", 5}}});
      },
      ThrowsError(ErrorCode::invalid_input,
                  "relation 'school' is given, and so is its column 'school_id'"));
}

TEST_P(Relations, TheLaterOfTwoTraitsDecidesBetweenKeyAndRow) {
  connection().execute("INSERT INTO schools (id, name) VALUES (7, 'Seven')");

  EXPECT_NE(db().create("fixed", {.traits = {"by_key", "by_row"}})["school_id"], Value{7});
  EXPECT_EQ(db().create("fixed", {.traits = {"by_row", "by_key"}})["school_id"], Value{7});
}

TEST_P(Relations, ARowThatIsReachedTwiceIsOneRow) {
  const auto profile = db().create("profile");
  db().create("student", {.has = {{"profiles", 2}}});

  EXPECT_EQ(profile["school_id"], profile.relation("student")["school_id"]);
  EXPECT_EQ(count("schools"), 2) << "one for each graph";
  EXPECT_EQ(number("SELECT COUNT(*) FROM profiles p JOIN students s ON s.id = p.student_id "
                   "WHERE s.school_id <> p.school_id"),
            0);
}

TEST_P(Relations, RowsBelowAreBuiltWithTheirRowAndCreatedWithIt) {
  const CallArguments arguments{.has = {{"profiles", 2}}};

  const auto built = db().build("student", arguments);
  EXPECT_EQ(built.children("profiles").size(), 2U);
  EXPECT_EQ(count("profiles"), 0);

  const auto created = db().create("student", arguments);
  EXPECT_EQ(created.children("profiles")[1]["student_id"], created.id());
  EXPECT_EQ(count("profiles"), 2);
}

TEST_P(Relations, OverridesReachThroughSeveralRelations) {
  const auto note = db().create(
      "note", {.set = {{"profile.student.school.name", "Hill"}, {"profile.student.name", "Ada"}}});

  const auto student = note.relation("profile").relation("student");
  EXPECT_EQ(student["name"], Value{"Ada"});
  EXPECT_EQ(student.relation("school")["name"], Value{"Hill"});
}

TEST_P(Relations, NullKeepsARowAboveFromBeingMade) {
  db().create("mentored");
  EXPECT_EQ(count("students"), 2);

  const auto alone = db().create("mentored", {.set = {{"mentor", Null{}}}});

  EXPECT_TRUE(alone["mentor_id"].is_null());
  EXPECT_EQ(count("students"), 3);
}

TEST_P(Relations, ZeroKeepsRowsBelowFromBeingMade) {
  define(
      "factories: { school: { has: { students: { factory: student, count: 3 } } }, student: {} }");

  db().create("school", {.has = {{"students", 0}}});

  EXPECT_EQ(count("students"), 0);
}

TEST_P(Relations, SelfReferencesStopWhereThePathSays) {
  EXPECT_THAT([&] { db().create("endless"); },
              ThrowsError(ErrorCode::invalid_input, "endless.mentor -> endless.mentor"));
  EXPECT_EQ(count("students"), 0);

  const auto student = db().create("endless", {.set = {{"mentor.mentor.mentor", Null{}}}});

  EXPECT_EQ(count("students"), 3);
  EXPECT_TRUE(student.relation("mentor").relation("mentor")["mentor_id"].is_null());
  EXPECT_THAT(
      [&] {
        db().create("endless", {.set = {{"mentor.mentor.name", "Ada"}}});
      },
      ThrowsError(ErrorCode::invalid_input, "lead round in a circle"));
}

TEST_P(Relations, PicksSpreadOverTheRowsOfAllEntries) {
  load_rows({{"school", 3, {}}, {"school", 1, {}}, {"school", 4, {}}, {"student", 400, {}}});

  EXPECT_EQ(number("SELECT COUNT(DISTINCT school_id) FROM students"), 8);
  EXPECT_GT(number("SELECT MIN(c) FROM (SELECT COUNT(*) AS c FROM students GROUP BY school_id) t"),
            25);
  EXPECT_EQ(count("schools"), 8);
}

TEST_P(Relations, AGivenRowServesRowsFurtherDown) {
  const auto school = db().create("school");

  db().create("student", {.set = {{"school", school}}, .has = {{"profiles", 3}}});
  db().create("profile", {.set = {{"school", school}}});

  EXPECT_EQ(count("schools"), 1);
  EXPECT_EQ(count("students", "school_id = " + school.id().as<std::string>()), 2);
  EXPECT_EQ(count("profiles", "school_id = " + school.id().as<std::string>()), 4);
}

TEST_P(Relations, RowsBelowKeepTheRowTheyWereMadeFor) {
  const auto school = db().create("school");
  const auto refuses = [&](const char* path, const SettingValue& value) {
    EXPECT_THAT(
        [&] {
          db().create("school", {.has = {{"students", {{.set = {{path, value}}}}}}});
        },
        ThrowsError(ErrorCode::invalid_input, "relation 'school' is given"));
  };

  refuses("school", school);
  refuses("school_id", school.id());
  EXPECT_EQ(count("schools"), 1);
}

TEST_P(Relations, AGivenRowMakesNoOthers) {
  const auto school = db().create("school");

  db().create_list("student", 10, {.set = {{"school", school}}});

  EXPECT_EQ(count("students"), 10);
  EXPECT_EQ(count("schools"), 1);
}

TEST_P(Relations, ZeroRowsAreLoadedWithoutError) {
  const auto tables = load_rows({{"student", 0, {}}});

  EXPECT_TRUE(tables.empty());
  EXPECT_EQ(count("schools"), 0);
  EXPECT_TRUE(db().create_list("student", 0).empty());
  EXPECT_EQ(db().create("student").row(), 1U);
}

TEST_P(Relations, TextsKeepToTheLengthOfTheirColumn) {
  make_tables(
      "CREATE TABLE short (id {id}, name varchar(3) NOT NULL, email varchar(12) NOT NULL, "
      "city varchar(1) NOT NULL, code varchar(4) NOT NULL UNIQUE, "
      "company varchar(20) NOT NULL UNIQUE);");
  define("factories: { short: { table: short } }");

  load_rows({{"short", 300, {}}});

  EXPECT_EQ(count("short",
                  "length(name) <= 3 AND length(email) <= 12 AND length(city) = 1 AND "
                  "length(code) = 4 AND length(company) <= 20"),
            300);
}

}  // namespace
}  // namespace seedbed::testing
