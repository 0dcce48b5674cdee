//===- FakeMachine.h - what a fake CUDA driver keeps ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to FakeCuda.cpp: its objects, memory and streams.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_DEVICE_FAKEMACHINE_H
#define INGOT_TEST_DEVICE_FAKEMACHINE_H

#include "test/runtime/device/FakeCuda.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include <sys/mman.h>

namespace ingot::cuda {

struct ContextObject {};
struct ModuleObject {
  void *handle;
  int file;
};
struct FunctionObject {
  void (*body)(const uint64_t *, const int64_t *);
  const uint64_t *arguments;
  std::string symbol;
};
/// What is done when its time comes.
using Work = std::function<Error()>;
struct GraphObject {
  std::vector<Work> work;
};
struct GraphExecObject {
  std::vector<Work> work;
};
struct StreamObject {
  std::vector<Work> work;
  bool capturing = false;
  GraphObject captured;
};
struct EventObject {
  std::chrono::steady_clock::time_point time;
  /// The stream that it was last recorded on.
  StreamObject *stream = nullptr;
};

} // namespace ingot::cuda

namespace ingot::test {

using namespace ingot::cuda;

/// All of the driver's state, under one lock.
struct Machine {
  std::recursive_mutex mutex;
  FakeCuda fake;
  ContextObject context;
  StreamObject defaultStream;
  Error sticky = kSuccess;
  /// Of the GPU, by begin: their sizes. And of the host, pinned.
  std::map<char *, size_t> memory;
  std::map<char *, size_t> pinned;
  std::set<std::unique_ptr<FunctionObject>> functions;
  std::set<void *> handles;
};

inline Machine &machine() {
  // Never destroyed: threads may end after the process' statics.
  static Machine *const one = new Machine;
  return *one;
}

inline size_t mappedSize(size_t bytes) { return (bytes + 4095) / 4096 * 4096; }

/// Larger memory takes too long to be locked all the time.
inline constexpr size_t kMostLocked = size_t(1) << 20;

/// While it lives, the GPU's memory can be touched.
class Touch {
public:
  Touch() { protect(PROT_READ | PROT_WRITE); }
  ~Touch() { protect(PROT_NONE); }

private:
  static void protect(int mode) {
    for (auto [begin, size] : machine().memory)
      if (size <= kMostLocked)
        mprotect(begin, mappedSize(size), mode);
  }
};

inline bool lies(const std::map<char *, size_t> &ranges, const void *begin,
                 size_t bytes) {
  auto *at = static_cast<const char *>(begin);
  auto range = ranges.upper_bound(const_cast<char *>(at));
  if (range == ranges.begin())
    return false;
  --range;
  return at >= range->first && bytes <= range->second &&
         size_t(at - range->first) <= range->second - bytes;
}

inline bool isOnGpu(DevicePointer begin, size_t bytes) {
  return lies(machine().memory, reinterpret_cast<void *>(begin), bytes);
}

/// Counts a call; what it must fail with.
inline Error enter(const char *name) {
  FakeCuda &fake = machine().fake;
  int call = fake.calls[name]++;
  auto failure = fake.failures.find(name);
  if (failure != fake.failures.end() && call >= failure->second.fromCall)
    return failure->second.error;
  return machine().sticky;
}

inline StreamObject &streamOf(Stream stream) {
  return stream ? *stream : machine().defaultStream;
}

inline Error put(Stream stream, Work work) {
  StreamObject &on = streamOf(stream);
  (on.capturing ? on.captured.work : on.work).push_back(std::move(work));
  return kSuccess;
}

inline Error runAll(StreamObject &stream) {
  if (stream.capturing)
    return 900; // CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
  std::vector<Work> work = std::move(stream.work);
  stream.work.clear();
  for (Work &one : work) {
    Error error = one();
    if (error != kSuccess) {
      machine().sticky = error;
      return error;
    }
  }
  return machine().sticky;
}

template <typename T>
T *made(T *object) {
  machine().handles.insert(object);
  ++machine().fake.openHandles;
  return object;
}

template <typename T>
Error destroyed(T *object) {
  if (machine().handles.erase(object) == 0)
    return kInvalidValue;
  --machine().fake.openHandles;
  delete object;
  return kSuccess;
}

} // namespace ingot::test

#endif // INGOT_TEST_DEVICE_FAKEMACHINE_H
