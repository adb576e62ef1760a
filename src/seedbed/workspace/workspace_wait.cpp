#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include <fmt/format.h>

#include "seedbed/core/endpoint.hpp"
#include "seedbed/core/error.hpp"
#include "seedbed/workspace/workspace.hpp"

namespace seedbed {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};
constexpr milliseconds kShortestTry{1000};  // one cut short would not find out what is wrong
constexpr milliseconds kLongestTry{5000};
constexpr milliseconds kResponse{50};  // to an interrupt

/// One look at a target; throws unless it answers. Returns what else there is to say.
using Look = std::function<std::string(milliseconds patience)>;

struct Target {
  std::string name{};  // as it may be shown
  Look look{};
};

Target endpoint_target(const std::string& text) {
  return {text, [endpoint = Endpoint::parse(text)](milliseconds patience) {
            endpoint.reach(patience);
            return std::string{};
          }};
}

Target database_target(const Engine& engine, const DatabaseUrl& url) {
  return {url.redacted(), [&engine, url](milliseconds patience) {
            DatabaseUrl patient = url;
            if (url.engine != "sqlite") {
              const auto seconds = std::chrono::ceil<std::chrono::seconds>(patience).count();
              patient.parameters.try_emplace("connect_timeout", std::to_string(seconds));
            }
            try {
              static_cast<void>(engine.connect(patient)->query("SELECT 1"));
            } catch (const Error& error) {
              // A server that knows of no such database has answered; a file is all there is.
              if (error.code() != ErrorCode::not_found || url.engine == "sqlite") throw;
              return std::string{"there is no such database yet"};
            }
            return std::string{};
          }};
}

void pause(milliseconds time, const Progress& progress) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) {
    progress.check();
    std::this_thread::sleep_for(
        std::min(kResponse, std::chrono::ceil<milliseconds>(end - Clock::now())));
  }
}

[[noreturn]] void throw_too_late(const Target& target, const WaitRequest& request,
                                 const Error& last) {
  throw Error{ErrorCode::unavailable,
              fmt::format("{} does not answer within {} s: {}", target.name,
                          static_cast<double>(request.timeout.count()) / 1000, last.what()),
              last.details()};
}

// Waits longer and longer between two looks, up to a second.
std::string look_until(const Target& target, Clock::time_point deadline, const WaitRequest& request,
                       Progress& progress) {
  for (auto next = kFirstPause;; next = std::min(next * 2, kLongestPause)) {
    progress.check();
    progress.report({.phase = "wait for", .table = target.name});
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    try {
      return target.look(std::clamp(left, kShortestTry, kLongestTry));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unsupported) throw;
      if (Clock::now() + next >= deadline) throw_too_late(target, request, error);
    }
    pause(next, progress);
  }
}

DatabaseUrl waited_url(const ProjectConfig& project, const std::string& text) {
  try {
    return resolve_database(project, text);
  } catch (Error& error) {
    error.add_context("tcp://HOST:PORT and http://HOST:PORT/PATH can be waited for too");
    throw;
  }
}

}  // namespace

std::vector<WaitedFor> Workspace::wait_for(const WaitRequest& request) {
  std::vector<Target> targets;
  for (const auto& text : request.targets) {
    if (Endpoint::is_one(text)) {
      targets.push_back(endpoint_target(text));
    } else {
      const auto url = waited_url(project_, text);
      targets.push_back(database_target(engines_.of(url), url));
    }
  }
  const auto start = Clock::now();
  std::vector<WaitedFor> answered;
  for (const auto& target : targets) {
    auto note = look_until(target, start + request.timeout, request, progress_);
    const std::chrono::duration<double> taken = Clock::now() - start;
    answered.push_back({target.name, taken.count(), std::move(note)});
  }
  return answered;
}

}  // namespace seedbed
