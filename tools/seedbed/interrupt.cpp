#include "tools/seedbed/interrupt.hpp"

#include <cerrno>
#include <csignal>
#include <utility>

#include <pthread.h>
#include <unistd.h>

namespace seedbed::tool {

namespace {

constexpr int kStop = SIGUSR1;  // ends the watching thread

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

sigset_t watched() {
  sigset_t set = interrupts();
  sigaddset(&set, kStop);
  return set;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

InterruptWatch::Listener::Listener(InterruptWatch& watch, std::function<void()> on_interrupt)
    : watch_{watch}, on_interrupt_{std::move(on_interrupt)}, thread_{[this] { listen(); }} {}

InterruptWatch::Listener::~Listener() {
  pthread_kill(thread_.native_handle(), kStop);
  thread_.join();
}

void InterruptWatch::Listener::listen() {
  const sigset_t set = watched();
  for (int count = 0;;) {
    siginfo_t facts{};
    const int signal = sigwaitinfo(&set, &facts);
    if (signal < 0 && errno == EINTR) continue;
    if (signal < 0 || signal == kStop) return;
    if (watch_.leads_away(signal, facts.si_code == SI_KERNEL)) continue;
    if (++count == 3) _exit(128 + signal);
    watch_.signal_ = signal;
    on_interrupt_();
  }
}

InterruptWatch::Detour::Detour(InterruptWatch& watch, Handler handler) : watch_{watch} {
  const std::lock_guard lock{watch_.mutex_};
  watch_.detour_ = std::move(handler);
}

InterruptWatch::Detour::~Detour() {
  const std::lock_guard lock{watch_.mutex_};
  watch_.detour_ = nullptr;
}

bool InterruptWatch::leads_away(int signal, bool from_keyboard) {
  const std::lock_guard lock{mutex_};
  if (!detour_) return false;
  detour_(signal, from_keyboard);
  return true;
}

PlainInterrupts::PlainInterrupts() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

PlainInterrupts::~PlainInterrupts() {
  const sigset_t set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace seedbed::tool
