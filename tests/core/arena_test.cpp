#include "seedbed/core/arena.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace seedbed {
namespace {

TEST(Arena, HandsOutMemoryThatDoesNotOverlap) {
  Arena arena;
  std::vector<std::span<std::uint64_t>> numbers;
  std::vector<std::string_view> texts;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    texts.push_back(arena.copy(std::string(i % 37, static_cast<char>('a' + i % 26))));
    numbers.push_back(arena.array<std::uint64_t>(i % 11));
    for (auto& number : numbers.back()) number = i;
  }
  for (std::uint64_t i = 0; i < 2000; ++i) {
    EXPECT_EQ(texts[i], std::string(i % 37, static_cast<char>('a' + i % 26)));
    for (const auto number : numbers[i]) EXPECT_EQ(number, i);
  }
}

TEST(Arena, AlignsEveryArray) {
  Arena arena;
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(arena.copy("x"));
    const auto place = reinterpret_cast<std::uintptr_t>(arena.array<double>(3).data());
    EXPECT_EQ(place % alignof(std::max_align_t), 0U);
  }
}

TEST(Arena, InitialisesArrays) {
  Arena arena;
  for (auto& byte : arena.uninitialised<unsigned char>(10'000)) byte = 0xFF;
  arena.reset();
  for (const auto number : arena.array<int>(1'000)) EXPECT_EQ(number, 0);
}

TEST(Arena, HoldsWhatIsLargerThanABlock) {
  Arena arena;
  const std::string large(5'000'000, 'x');
  const auto before = arena.copy("before");
  EXPECT_EQ(arena.copy(large), large);
  EXPECT_EQ(arena.copy("after"), "after");
  EXPECT_EQ(before, "before");
}

TEST(Arena, HandsOutNothing) {
  Arena arena;
  EXPECT_TRUE(arena.copy("").empty());
  EXPECT_TRUE(arena.array<int>(0).empty());
}

}  // namespace
}  // namespace seedbed
