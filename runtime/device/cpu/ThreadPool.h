//===- ThreadPool.h - runs the tiles of a launch ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step is hundreds of launches of some microseconds each, so what counts is
// the time from one to the next: idle workers look for work for a while before
// they sleep, and a launch does not wait for workers that did not show up.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CPU_THREADPOOL_H
#define INGOT_DEVICE_CPU_THREADPOOL_H

#include "ingot/Status.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <type_traits>
#include <vector>

namespace ingot {

/// Stack of each thread of a pool but the caller's. Kernels keep at most some
/// hundred KiB there.
inline constexpr uint64_t kThreadStackBytes = uint64_t(1) << 20;

/// Owns its threads. One thread at a time may call parallelFor.
class ThreadPool {
public:
  /// The body of a loop: does tiles [begin, end). Must not call back into the
  /// pool.
  using Body = void (*)(void *context, uint32_t begin, uint32_t end);

  /// A pool of `threads` threads, the caller of parallelFor included; 0: one
  /// for each processor that this process may use. InvalidInput below 0 or over
  /// 1024, Device if the system refuses to start them.
  static Result<std::unique_ptr<ThreadPool>> create(int threads);
  ~ThreadPool();

  /// The number of threads that `create(threads)` means.
  static int resolve(int threads);

  /// The caller included.
  int threads() const { return int(workers.size()) + 1; }

  /// Calls `body` for disjoint ranges that cover [0, tiles) and returns when
  /// all are done. Which thread does which tile is not determined.
  void run(uint32_t tiles, Body body, void *context);

  /// The same for a callable `void(uint32_t begin, uint32_t end)`.
  template <typename Callable>
  void parallelFor(uint32_t tiles, Callable &&callable) {
    run(
        tiles,
        [](void *context, uint32_t begin, uint32_t end) {
          (*static_cast<std::remove_reference_t<Callable> *>(context))(begin,
                                                                       end);
        },
        &callable);
  }

private:
  ThreadPool() = default;
  /// 0, or the system's error.
  int startWorker();
  void work();
  bool takeChunk();
  bool waitForWork(uint64_t seen);

  // A ticket is the number of the launch (high half) and how many of its tiles
  // nobody has taken yet (low half). Whoever lowers it owns the difference. A
  // worker reads the job's fields before it does so: since a launch ends only
  // when all its tiles are done, lowering the ticket proves that the fields
  // belonged to it.
  alignas(64) std::atomic<uint64_t> ticket = 0;
  std::atomic<uint32_t> tiles = 0, chunk = 1;
  std::atomic<Body> body = nullptr;
  std::atomic<void *> context = nullptr;
  alignas(64) std::atomic<uint32_t> done = 0;

  alignas(64) std::atomic<int> sleepers = 0;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::condition_variable wakeUp;
  std::vector<pthread_t> workers;
};

} // namespace ingot

#endif // INGOT_DEVICE_CPU_THREADPOOL_H
