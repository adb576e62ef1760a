#include "seedbed/core/ordered_pipeline.hpp"

#include <atomic>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seedbed {
namespace {

using Pipeline = OrderedPipeline<std::string>;

std::vector<Pipeline::Maker> makers(std::size_t threads, const Pipeline::Maker& make) {
  return std::vector<Pipeline::Maker>(threads, make);
}

void write_number(std::uint64_t number, std::string& item) {
  item = std::to_string(number);
}

TEST(OrderedPipeline, GivesItemsInOrderHoweverManyThreadsMakeThem) {
  for (const std::size_t threads : {1U, 2U, 7U}) {
    for (const std::size_t ahead : {1U, 3U, 20U}) {
      Pipeline pipeline{500, makers(threads, write_number), ahead};
      for (std::uint64_t i = 0; i < 500; ++i) EXPECT_EQ(*pipeline.next(), std::to_string(i));
      EXPECT_EQ(pipeline.next(), nullptr);
      EXPECT_EQ(pipeline.next(), nullptr);
    }
  }
}

TEST(OrderedPipeline, EndsAtOnceWithoutItems) {
  Pipeline pipeline{0, makers(2, write_number), 2};
  EXPECT_EQ(pipeline.next(), nullptr);
}

TEST(OrderedPipeline, MakesNoMoreThanItMayHold) {
  std::atomic<std::uint64_t> made{0};
  Pipeline pipeline{1000, makers(3, [&](std::uint64_t, std::string&) { ++made; }), 4};
  for (std::uint64_t taken = 1; taken <= 1000; ++taken) {
    ASSERT_NE(pipeline.next(), nullptr);
    EXPECT_LE(made, taken + 3);  // the one at hand is held too
  }
}

TEST(OrderedPipeline, ThrowsWhereTheItemWouldHaveCome) {
  Pipeline pipeline{100,
                    makers(4,
                           [](std::uint64_t number, std::string& item) {
                             if (number >= 10) throw std::runtime_error{std::to_string(number)};
                             item = "fine";
                           }),
                    8};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(*pipeline.next(), "fine");
  EXPECT_THAT([&] { static_cast<void>(pipeline.next()); },
              ::testing::ThrowsMessage<std::runtime_error>("10"));
}

TEST(OrderedPipeline, CanBeLeftInTheMiddle) {
  std::atomic<int> open{0};
  {
    Pipeline pipeline{1'000'000,
                      makers(3,
                             [&](std::uint64_t, std::string&) {
                               ++open;
                               --open;
                             }),
                      5};
    for (int i = 0; i < 7; ++i) ASSERT_NE(pipeline.next(), nullptr);
  }
  EXPECT_EQ(open, 0);
}

TEST(OrderedPipeline, GivesMakersTheirItemsAgain) {
  std::atomic<int> grown{0};
  Pipeline pipeline{200,
                    makers(1,
                           [&](std::uint64_t, std::string& item) {
                             if (item.capacity() < 1000) ++grown;
                             item.assign(1000, 'x');
                           }),
                    2};
  while (pipeline.next() != nullptr) continue;
  EXPECT_LE(grown, 2);
}

}  // namespace
}  // namespace seedbed
