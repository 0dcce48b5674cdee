//===- Faults.cpp - what ends a process from outside ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Handlers of signals call only what POSIX allows there (signal-safety(7)): no
// allocation, no stdio.
//
//===----------------------------------------------------------------------===//

#include "tools/process/Faults.h"

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <new>
#include <string_view>
#include <unistd.h>

namespace ingot::tool {

static const char *programName = "ingot";

static void say(std::string_view text) {
  while (!text.empty()) {
    ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0)
      return;
    text.remove_prefix(size_t(written));
  }
}

static void sayError() {
  say(programName);
  say(": error: ");
}

void failOutOfMemory() {
  sayError();
  say("out of memory\n");
  _exit(1);
}

/// Nothing of ours throws; the standard library does, where no thread can be
/// started.
[[noreturn]] static void onTerminate() {
  sayError();
  say("the system refused what it was asked for");
  try {
    if (std::exception_ptr thrown = std::current_exception())
      std::rethrow_exception(thrown);
  } catch (const std::exception &exception) {
    say(": ");
    say(exception.what());
  } catch (...) {
    say(" (nothing is known of why)");
  }
  say("\n");
  _exit(1);
}

/// Reads hexadecimal digits from the front of `text`.
static uintptr_t takeHex(std::string_view &text) {
  uintptr_t value = 0;
  while (!text.empty()) {
    char c = text.front();
    bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
    if (!digit && !letter)
      break;
    value = value * 16 + uintptr_t(digit ? c - '0' : c - 'a' + 10);
    text.remove_prefix(1);
  }
  return value;
}

/// Whether a line of /proc/self/maps ("from-to rwxp offset device inode path")
/// is about `address`.
static bool covers(std::string_view line, uintptr_t address) {
  uintptr_t from = takeHex(line);
  if (line.empty())
    return false;
  line.remove_prefix(1); // the dash
  return from <= address && address < takeHex(line);
}

/// Says the path of the file that is mapped at `address`.
static void sayMappedFile(uintptr_t address) {
  int maps = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  char line[4352]; // a path and what stands before it
  size_t length = 0;
  char c;
  while (maps >= 0 && ::read(maps, &c, 1) == 1) {
    if (c != '\n') {
      if (length < sizeof line)
        line[length++] = c;
      continue;
    }
    std::string_view text(line, length);
    length = 0;
    if (!covers(text, address))
      continue;
    size_t path = text.find('/');
    say("'");
    say(path == text.npos ? "a mapped file" : text.substr(path));
    say("'");
    return;
  }
  say("a mapped file");
}

static void onBusError(int, siginfo_t *info, void *) {
  // Threads that read the same weights fault at the same time.
  static std::atomic_flag said;
  while (said.test_and_set())
    pause();
  sayError();
  sayMappedFile(reinterpret_cast<uintptr_t>(info->si_addr));
  say(" was cut short or could not be read while it was in use\n");
  _exit(1);
}

/// Appends the digits of `number` and a zero.
static void appendNumber(char *to, int number) {
  char digits[12];
  int count = 0;
  do
    digits[count++] = char('0' + number % 10);
  while (number /= 10);
  while (count > 0)
    *to++ = digits[--count];
  *to = '\0';
}

/// Unlinks files that AtomicFile has open under a temporary name of this
/// process: PATH.tmp-PID. They are found by their descriptors, since no library
/// keeps a list of them.
static void removeUnfinishedFiles() {
  char mark[24] = ".tmp-";
  appendNumber(mark + 5, int(getpid()));
  for (int fd = STDERR_FILENO + 1; fd < 256; ++fd) {
    char link[32] = "/proc/self/fd/", path[4096];
    appendNumber(link + 14, fd);
    ssize_t length = ::readlink(link, path, sizeof path - 1);
    if (length <= 0)
      continue;
    path[length] = '\0';
    if (std::strstr(path, mark))
      ::unlink(path);
  }
}

/// The default action has been put back: raising the signal again ends the
/// process as whoever waits for it expects.
static void onInterrupt(int signal) {
  removeUnfinishedFiles();
  if (isatty(STDERR_FILENO))
    say("\n");
  raise(signal);
}

void handleFaults(const char *program) {
  programName = program;
  std::set_new_handler(failOutOfMemory);
  std::set_terminate(onTerminate);
  std::signal(SIGXFSZ, SIG_IGN);

  struct sigaction action = {};
  action.sa_sigaction = onBusError;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);

  action = {};
  action.sa_handler = onInterrupt;
  action.sa_flags = SA_RESETHAND;
  for (int signal : {SIGINT, SIGTERM})
    sigaction(signal, &action, nullptr);
}

} // namespace ingot::tool
