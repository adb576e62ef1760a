#include "seedbed/engines/url.hpp"

#include <gmock/gmock.h>

#include "seedbed/core/error.hpp"
#include "tests/support/error_matchers.hpp"

namespace seedbed {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::ThrowsError;

DatabaseUrl parse(std::string_view text) {
  return DatabaseUrl::parse(text);
}

TEST(DatabaseUrl, ReadsEveryPart) {
  const DatabaseUrl url =
      parse("postgresql://us%20er:p%40ss%3Aword@db.example.com:6543/my%2Fdb?sslmode=require");

  EXPECT_EQ(url.engine, "postgres");
  EXPECT_EQ(url.user, "us er");
  EXPECT_EQ(url.password, "p@ss:word");
  EXPECT_EQ(url.host, "db.example.com");
  EXPECT_EQ(url.port, 6543);
  EXPECT_EQ(url.database, "my/db");
  EXPECT_EQ(url.parameters.at("sslmode"), "require");
}

TEST(DatabaseUrl, KnowsTheSchemesOthersUse) {
  EXPECT_EQ(parse("postgres://h/d").engine, "postgres");
  EXPECT_EQ(parse("PostgreSQL://h/d").engine, "postgres");
  EXPECT_EQ(parse("mysql://h/d").engine, "mysql");
  EXPECT_EQ(parse("mariadb://h/d").engine, "mysql");
  EXPECT_EQ(parse("sqlite3:x.db").engine, "sqlite");
}

TEST(DatabaseUrl, FillsInTheHostWhenThereIsNone) {
  EXPECT_EQ(parse("postgresql:///d").host, "127.0.0.1");
  EXPECT_EQ(parse("mysql:///d?socket=/tmp/my.sock").host, "");
  EXPECT_EQ(parse("postgresql:///d?host=/tmp").host, "");
  EXPECT_EQ(parse("postgresql://%2Ftmp%2Fpg/d").host, "/tmp/pg");
}

TEST(DatabaseUrl, ReadsIpv6Addresses) {
  const DatabaseUrl url = parse("mysql://root@[::1]:3307/d");

  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 3307);
  EXPECT_EQ(url.redacted(), "mysql://root@[::1]:3307/d");
  EXPECT_THAT([] { parse("mysql://[::1/d"); }, ThrowsError(ErrorCode::invalid_input, "'['"));
}

TEST(DatabaseUrl, ReadsSqlitePaths) {
  EXPECT_EQ(parse("sqlite:dev.db").database, "dev.db");
  EXPECT_EQ(parse("sqlite:/tmp/dev.db").database, "/tmp/dev.db");
  EXPECT_EQ(parse("sqlite:///dev.db").database, "dev.db");
  EXPECT_EQ(parse("sqlite:////tmp/dev.db").database, "/tmp/dev.db");
  EXPECT_EQ(parse("sqlite::memory:").database, ":memory:");
  EXPECT_EQ(parse("sqlite:a%20b%3F.db").database, "a b?.db");
  EXPECT_EQ(parse("sqlite:dev.db?busy_timeout=10").parameters.at("busy_timeout"), "10");
}

TEST(DatabaseUrl, RefusesASqliteHost) {
  EXPECT_THAT([] { parse("sqlite://dev.db"); }, ThrowsError(ErrorCode::invalid_input, "no host"));
  EXPECT_THAT([] { parse("sqlite:"); }, ThrowsError(ErrorCode::invalid_input, "path"));
}

TEST(DatabaseUrl, OffersTheNearestParameter) {
  EXPECT_THAT([] { parse("postgresql://h/d?ssl_mode=require"); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'sslmode'?"));
  EXPECT_THAT([] { parse("sqlite:x.db?bussy_timeout=1"); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'busy_timeout'?"));
  EXPECT_THAT([] { parse("mysql://h/d?sslmode=require"); },
              ThrowsError(ErrorCode::invalid_input, "known: connect_timeout"));
  EXPECT_THAT([] { parse("mysql://h/d?socket"); },
              ThrowsError(ErrorCode::invalid_input, "has no value"));
}

TEST(DatabaseUrl, OffersTheNearestScheme) {
  EXPECT_THAT([] { parse("postgressql://h/d"); },
              ThrowsError(ErrorCode::invalid_input, "did you mean 'postgresql'?"));
  EXPECT_THAT([] { parse("dev.db"); }, ThrowsError(ErrorCode::invalid_input, "sqlite:PATH"));
}

TEST(DatabaseUrl, RefusesWhatIsIncomplete) {
  EXPECT_THAT([] { parse("postgresql://h:5432"); },
              ThrowsError(ErrorCode::invalid_input, "name of the database"));
  EXPECT_THAT([] { parse("postgresql:d"); }, ThrowsError(ErrorCode::invalid_input, "'//'"));
  EXPECT_THAT([] { parse("mysql://h:0/d"); }, ThrowsError(ErrorCode::invalid_input, "port"));
  EXPECT_THAT([] { parse("mysql://h:99999/d"); }, ThrowsError(ErrorCode::invalid_input, "port"));
  EXPECT_THAT([] { parse("mysql://h:12x/d"); }, ThrowsError(ErrorCode::invalid_input, "port"));
  EXPECT_THAT([] { parse("mysql://h/d%2"); }, ThrowsError(ErrorCode::invalid_input, "'%'"));
  EXPECT_THAT([] { parse("mysql://h/d%zz"); }, ThrowsError(ErrorCode::invalid_input, "'%'"));
  EXPECT_THAT([] { parse("mysql://h/d%00"); }, ThrowsError(ErrorCode::invalid_input, "%00"));
}

// Whatever is wrong with a URL, its password is not shown.
TEST(DatabaseUrl, NeverRepeatsThePasswordInAnError) {
  for (const auto* text :
       {"postgresql://u:s3cr3t@h:port/d", "postgresql://u:s3cr3t@h", "postgresql://u:s3cr3t",
        "postgresql://u:s3cr3t@h/d%", "mysql://u:s3cr3t@h/d?unknown=1", "mysql://u:s3cr3t%@h/d",
        "mysql://u:s3cr3t@[::1/d", "mysql://u:s3cr3t@h/d?socket", "mysql:u:s3cr3t@h/d",
        "oracle://u:s3cr3t@h/d", "mysql://u:s3cr3t/x@h/d", "u:s3cr3t@h/d", "mysql://u:p?s3cr3t@h/d",
        "mysql://u:p?x=1&s3cr3t@h/d"}) {
    try {
      static_cast<void>(parse(text));
      ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("s3cr3t"))) << text;
    }
  }
}

TEST(DatabaseUrl, HidesSecretsWhenRedacted) {
  const DatabaseUrl url = parse("postgresql://u:s3cr3t@h/d?sslmode=require&sslpassword=k3y");

  EXPECT_EQ(url.redacted(), "postgresql://u:***@h/d?sslmode=require&sslpassword=***");
  EXPECT_EQ(parse("mysql://u@h/d").redacted(), "mysql://u@h/d");
}

TEST(DatabaseUrl, ReadsBackWhatItWrites) {
  for (const auto* text :
       {"postgresql://us%20er:p%40ss%3A%2F%3F@h:6543/my%2Fdb?application_name=a%26b",
        "mysql://[::1]:3306/d", "sqlite:/tmp/a b,(1).db?busy_timeout=5",
        "sqlite::memory:", "postgresql://%2Ftmp%2Fpg/d", "sqlite:100%25 %23.db"}) {
    const DatabaseUrl url = parse(text);
    EXPECT_EQ(parse(url.to_string()), url) << text;
  }
}

TEST(DatabaseUrl, NamesAnotherDatabaseOfTheServer) {
  const DatabaseUrl other = parse("mysql://u:p@h:1/d?ssl=true").with_database("we\"ird/表");

  EXPECT_EQ(other.database, "we\"ird/表");
  EXPECT_EQ(other.port, 1);
  EXPECT_EQ(parse(other.to_string()), other);
}

TEST(DatabaseUrl, HasAShortName) {
  EXPECT_EQ(parse("sqlite:/tmp/dir/dev.db").display_name(), "dev.db");
  EXPECT_EQ(parse("sqlite::memory:").display_name(), ":memory:");
  EXPECT_EQ(parse("mysql://h/shop").display_name(), "shop");
}

TEST(LooksLikeUrl, TellsUrlsFromNames) {
  EXPECT_TRUE(looks_like_url("sqlite:x"));
  EXPECT_TRUE(looks_like_url("postgresql+psycopg://h/d"));
  EXPECT_FALSE(looks_like_url("dev"));
  EXPECT_FALSE(looks_like_url(":x"));
  EXPECT_FALSE(looks_like_url("my db:x"));
  EXPECT_FALSE(looks_like_url(""));
}

}  // namespace

}  // namespace seedbed
