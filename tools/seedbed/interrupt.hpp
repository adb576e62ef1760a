#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace seedbed::tool {

/// Turns SIGINT and SIGTERM into calls of a function, on a thread of its own, where locks may be
/// taken. The third signal ends the process at once. Made before any other thread, so that all
/// threads leave the signals to it.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch() = default;
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  /// While it lives, a function is called for each signal; also at once for one that came before.
  class Listener {
   public:
    Listener(InterruptWatch& watch, std::function<void()> on_interrupt);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

   private:
    void listen();

    InterruptWatch& watch_;
    std::function<void()> on_interrupt_;
    std::thread thread_;
  };

  /// While it lives, signals go to this function instead, and end nothing: with their number, and
  /// whether they come from the keyboard, which sends them to every program of the terminal.
  class Detour {
   public:
    using Handler = std::function<void(int signal, bool from_keyboard)>;

    Detour(InterruptWatch& watch, Handler handler);
    ~Detour();
    Detour(const Detour&) = delete;
    Detour& operator=(const Detour&) = delete;

   private:
    InterruptWatch& watch_;
  };

  /// The last signal that was not led away, or 0.
  [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
  [[nodiscard]] bool leads_away(int signal, bool from_keyboard);

  std::atomic<int> signal_{0};
  std::mutex mutex_;  // guards `detour_`
  Detour::Handler detour_;
};

/// While it lives, the signals end the process as usual: for reading an answer from a person.
class PlainInterrupts {
 public:
  PlainInterrupts();
  ~PlainInterrupts();
  PlainInterrupts(const PlainInterrupts&) = delete;
  PlainInterrupts& operator=(const PlainInterrupts&) = delete;
};

}  // namespace seedbed::tool
