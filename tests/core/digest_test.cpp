#include "seedbed/core/digest.hpp"

#include <gmock/gmock.h>

namespace seedbed {

namespace {

// FIPS 180-4 examples.
constexpr auto kOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr auto kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, GivesTheKnownAnswers) {
  EXPECT_EQ(sha256("").hex(), kOfNothing);
  EXPECT_EQ(sha256("abc").hex(), kOfAbc);
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameInPieces) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");

  EXPECT_EQ(hash.finish().hex(), kOfAbc);
}

TEST(Sha256, StartsAgainAfterFinish) {
  Sha256 hash;
  hash.update("something else");
  static_cast<void>(hash.finish());
  hash.update("abc");
  Sha256 moved = std::move(hash);

  EXPECT_EQ(moved.finish().hex(), kOfAbc);
}

// RFC 1321 and FIPS 180-4 examples.
TEST(OldDigests, GiveTheKnownAnswers) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Digest, ReadsBackWhatItWrites) {
  const Digest digest = sha256("abc");

  EXPECT_EQ(digest.to_string(), std::string{"sha256:"} + kOfAbc);
  EXPECT_EQ(Digest::parse(digest.to_string()), digest);
  EXPECT_EQ(digest.raw().size(), 32U);
}

TEST(Digest, RefusesOtherSpellings) {
  const std::string hex = kOfAbc;
  EXPECT_FALSE(Digest::parse(hex));
  EXPECT_FALSE(Digest::parse("sha256:" + hex.substr(2)));
  EXPECT_FALSE(Digest::parse("sha256:" + hex + "00"));
  EXPECT_FALSE(Digest::parse("sha512:" + hex));
  EXPECT_FALSE(Digest::parse("sha256:BA" + hex.substr(2)));
  EXPECT_FALSE(Digest::parse("sha256:../" + hex.substr(3)));
  EXPECT_FALSE(Digest::parse(""));
}

}  // namespace

}  // namespace seedbed
