#include "seedbed/workspace/remembered_tests.hpp"

#include <gmock/gmock.h>

#include "seedbed/core/file_io.hpp"
#include "tests/support/temporary_directory.hpp"

namespace seedbed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pointee;

class RememberedTestsTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return directory_.path() / "tests.jsonl"; }

 private:
  testing::TemporaryDirectory directory_;
};

TEST_F(RememberedTestsTest, AreKnownToTheNextProcess) {
  RememberedTests first{file()};
  EXPECT_EQ(first.find("Shop.Alters"), nullptr);
  first.add("Shop.Alters", "ALTER TABLE users");
  first.add("Odd \"name\"\n表", "a view");
  first.add("Shop.Alters", "DROP TABLE items");
  EXPECT_THAT(first.find("Shop.Alters"), Pointee(std::string{"DROP TABLE items"}));

  const RememberedTests second{file()};

  EXPECT_THAT(second.find("Shop.Alters"), Pointee(std::string{"DROP TABLE items"}));
  EXPECT_THAT(second.find("Odd \"name\"\n表"), Pointee(std::string{"a view"}));
  EXPECT_EQ(second.find("Shop.Alter"), nullptr);
}

TEST_F(RememberedTestsTest, AreForgottenAfterADay) {
  RememberedTests{file()}.add("New", "x");
  append_to_file(file(), R"([1,"Old","x"])"
                         "\n");

  const RememberedTests tests{file()};

  EXPECT_EQ(tests.find("Old"), nullptr);
  EXPECT_NE(tests.find("New"), nullptr);
  EXPECT_THAT(read_file(file()), Not(HasSubstr("Old")));
}

TEST_F(RememberedTestsTest, AreWhatCanBeRead) {
  RememberedTests{file()}.add("Good", "x");
  append_to_file(file(), "{]\n[1]\n[\"x\",2,3]\n\n[99999999999999999999,\"a\",\"b\"]\n\xff\n");
  append_to_file(file(), "[9000000000000000, \"torn");

  const RememberedTests tests{file()};

  EXPECT_NE(tests.find("Good"), nullptr);
  EXPECT_EQ(tests.find("a"), nullptr);
}

TEST_F(RememberedTestsTest, ServeOneRunWhereNothingCanBeWritten) {
  RememberedTests tests{file() / "not a directory" / "tests"};
  write_file_atomically(file(), "");

  tests.add("Shop.Alters", "x");

  EXPECT_NE(tests.find("Shop.Alters"), nullptr);
}

}  // namespace
}  // namespace seedbed
