#include "tools/seedbed/interrupt.hpp"

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
  for (int count = 1;; ++count) {
    int signal = 0;
    if (sigwait(&set, &signal) != 0 || signal == kStop) return;
    if (count == 3) _exit(128 + signal);
    watch_.signal_ = signal;
    on_interrupt_();
  }
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
