#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <string>

namespace seedbed::benchmarks {

using Seconds = std::chrono::duration<double>;

inline Seconds timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::steady_clock::now() - start;
}

/// Reads "CONTEST ROWS" from standard input, runs it with a `Contestants` of the database whose URL
/// is the only argument, and answers with the seconds it took; the program's exit code.
template <typename Contestants>
int answer_contests(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " URL, then lines of CONTEST ROWS\n";
    return 2;
  }
  try {
    Contestants contestants{argv[1]};
    std::string contest;
    std::uint64_t rows = 0;
    while (std::cin >> contest >> rows) {
      std::cout << contestants.run(contest, rows).count() << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace seedbed::benchmarks
