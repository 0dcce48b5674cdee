//===- ThreadPool.cpp - runs the tiles of a launch ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/ThreadPool.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>

#include <sched.h>

namespace ingot {

namespace {

constexpr int maxThreads = 1024;

/// How long a worker looks for the next launch before it sleeps: longer than
/// the gap between two launches, shorter than anyone notices on a meter.
constexpr std::chrono::microseconds spinTime(50);

uint32_t launchOf(uint64_t ticket) { return uint32_t(ticket >> 32); }
uint32_t leftOf(uint64_t ticket) { return uint32_t(ticket); }

/// Tells the processor that this is a waiting loop.
void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Processors this process may run on; a container often has fewer than the
/// machine.
int countProcessors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return std::clamp(CPU_COUNT(&set), 1, maxThreads);
  return std::clamp(int(std::thread::hardware_concurrency()), 1, maxThreads);
}

} // namespace

Result<std::unique_ptr<ThreadPool>> ThreadPool::create(int threads) {
  if (threads < 0 || threads > maxThreads)
    return invalidInput("expects 0 to 1024 threads, got " +
                        std::to_string(threads));
  threads = resolve(threads);
  std::unique_ptr<ThreadPool> pool(new ThreadPool);
  pool->workers.reserve(size_t(threads) - 1);
  for (int i = 1; i < threads; ++i) {
    if (int error = pool->startWorker())
      return deviceError("cannot start thread " + std::to_string(i) + " of " +
                         std::to_string(threads) + ": " +
                         std::generic_category().message(error));
  }
  return pool;
}

int ThreadPool::resolve(int threads) {
  return threads == 0 ? countProcessors() : threads;
}

/// Not a std::thread, whose stack nobody can choose.
int ThreadPool::startWorker() {
  pthread_attr_t attributes;
  if (int error = pthread_attr_init(&attributes))
    return error;
  pthread_t worker;
  int error = pthread_attr_setstacksize(&attributes, kThreadStackBytes);
  if (!error)
    error = pthread_create(
        &worker, &attributes,
        [](void *pool) -> void * {
          static_cast<ThreadPool *>(pool)->work();
          return nullptr;
        },
        this);
  pthread_attr_destroy(&attributes);
  if (!error)
    workers.push_back(worker);
  return error;
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    stopping = true;
  }
  wakeUp.notify_all();
  for (pthread_t worker : workers)
    pthread_join(worker, nullptr);
}

/// Does some tiles of the current launch. False if it has none left.
bool ThreadPool::takeChunk() {
  uint64_t seen = ticket.load(std::memory_order_acquire);
  while (uint32_t left = leftOf(seen)) {
    uint32_t first = tiles.load(std::memory_order_relaxed) - left;
    uint32_t size = std::min(chunk.load(std::memory_order_relaxed), left);
    Body jobBody = body.load(std::memory_order_relaxed);
    void *jobContext = context.load(std::memory_order_relaxed);
    if (!ticket.compare_exchange_weak(seen, seen - size,
                                      std::memory_order_acq_rel,
                                      std::memory_order_acquire))
      continue;
    jobBody(jobContext, first, first + size);
    done.fetch_add(size, std::memory_order_release);
    return true;
  }
  return false;
}

/// Returns once another launch than that of `seen` has begun; false to stop.
bool ThreadPool::waitForWork(uint64_t seen) {
  auto isNew = [&] { return launchOf(ticket.load()) != launchOf(seen); };
  auto until = std::chrono::steady_clock::now() + spinTime;
  do {
    for (int i = 0; i < 32; ++i) {
      if (isNew())
        return true;
      pause();
    }
  } while (!stopping && std::chrono::steady_clock::now() < until);

  std::unique_lock<std::mutex> lock(mutex);
  // Ordered against `ticket` as in run(): either the caller sees a sleeper, or
  // the sleeper sees the launch.
  ++sleepers;
  wakeUp.wait(lock, [&] { return stopping || isNew(); });
  --sleepers;
  return !stopping;
}

void ThreadPool::work() {
  uint64_t seen = 0;
  while (waitForWork(seen)) {
    seen = ticket.load(std::memory_order_acquire);
    while (takeChunk()) {
    }
  }
}

void ThreadPool::run(uint32_t count, Body jobBody, void *jobContext) {
  if (count == 0)
    return;
  if (count == 1 || workers.empty()) {
    jobBody(jobContext, 0, count);
    return;
  }
  done.store(0, std::memory_order_relaxed);
  tiles.store(count, std::memory_order_relaxed);
  // Small enough that a late thread finds work, large enough that the ticket is
  // not what everybody waits for.
  chunk.store(std::max(1u, count / (8 * uint32_t(threads()))),
              std::memory_order_relaxed);
  body.store(jobBody, std::memory_order_relaxed);
  context.store(jobContext, std::memory_order_relaxed);
  ticket.store(uint64_t(launchOf(ticket.load()) + 1) << 32 | count);
  if (sleepers.load() > 0) {
    // The lock makes sure that a sleeper is either waiting or not yet looking.
    std::lock_guard<std::mutex> lock(mutex);
    wakeUp.notify_all();
  }

  while (takeChunk()) {
  }
  for (int spins = 0; done.load(std::memory_order_acquire) != count; ++spins) {
    // With more threads than processors, the last tile may wait for this one.
    if (spins < 1000)
      pause();
    else
      std::this_thread::yield();
  }
}

} // namespace ingot
