//===- EmulatedDevice.h - a GPU's block on the processor --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of cuda/device.cuh for the processor, in its place: bodies of
// kernels run as they are. The threads of a block are fibers that take turns;
// one runs until it meets a barrier or exchanges a value with its warp. Blocks
// take them forwards and backwards in turn, so that a missing barrier shows.
// Shared memory is poisoned and ends where memory ends.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_DEVICE_CUH
#define INGOT_KERNELS_CUDA_DEVICE_CUH

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <sys/mman.h>
#include <utility>
#include <vector>

#define INGOT_KERNEL_FUNCTION inline
// The language's own words there. NOLINTBEGIN(bugprone-reserved-identifier)
#define __global__
#define __launch_bounds__(...)
// NOLINTEND(bugprone-reserved-identifier)

/// Saves the caller's stack and goes on where another one was left.
extern "C" void ingotSwitchStacks(void **from, void *to);
asm(R"(
.text
ingotSwitchStacks:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");

namespace ingot::emulation {

inline constexpr int kWarp = 32, kWarpgroup = 128;
inline constexpr size_t kStackWords = 8192;

[[noreturn]] inline void fail(const char *what) {
  fprintf(stderr, "emulated block: %s\n", what);
  abort();
}

/// Where threads wait for each other. One that has ended is not waited for.
struct Barrier {
  int members = 0, waiting = 0, meetings = 0;
};

/// What a thread has asked to have in shared memory; zeros if from nowhere.
struct Fill {
  void *to;
  const void *from;
  size_t bytes;
};

struct Fiber {
  std::vector<uint64_t> stack;
  std::vector<Fill> fills;
  /// Where it goes on.
  void *top = nullptr;
  bool ended = false;
};

struct Block {
  std::vector<Fiber> fibers;
  std::vector<Barrier> warps, warpgroups;
  /// What lanes hand to others.
  std::vector<uint64_t> handed;
  std::vector<uint32_t> tiles;
  Barrier all;
  void *scheduler = nullptr;
  int current = 0;
  std::function<void()> body;
  char *shared = nullptr;
  /// Which of its grid it is.
  int64_t tile[3] = {};
};

inline Block *block = nullptr;

inline void takeTurns() {
  ingotSwitchStacks(&block->fibers[block->current].top, block->scheduler);
}

inline void meet(Barrier &barrier) {
  int meeting = barrier.meetings;
  if (++barrier.waiting == barrier.members) {
    barrier.waiting = 0;
    ++barrier.meetings;
    return;
  }
  while (barrier.meetings == meeting)
    takeTurns();
}

inline void leave(Barrier &barrier) {
  --barrier.members;
  if (barrier.members > 0 && barrier.waiting == barrier.members) {
    barrier.waiting = 0;
    ++barrier.meetings;
  }
}

inline void runFiber() {
  block->body();
  int own = block->current;
  leave(block->all);
  leave(block->warps[own / kWarp]);
  if (!block->warpgroups.empty())
    leave(block->warpgroups[own / kWarpgroup]);
  block->fibers[own].ended = true;
  takeTurns();
}

/// Makes the fiber begin with runFiber: what ingotSwitchStacks takes off a
/// stack.
inline void prepare(Fiber &fiber) {
  fiber.ended = false;
  fiber.fills.clear();
  fiber.stack.resize(kStackWords);
  auto end = reinterpret_cast<uintptr_t>(fiber.stack.data() + kStackWords);
  // A function finds its stack 8 bytes off a multiple of 16.
  uint64_t *top = reinterpret_cast<uint64_t *>(end / 16 * 16) - 1;
  *--top = reinterpret_cast<uint64_t>(&runFiber);
  for (int i = 0; i < 6; ++i)
    *--top = 0;
  fiber.top = top;
}

/// `bytes` of shared memory that a page without access follows.
struct SharedMemory {
  explicit SharedMemory(size_t bytes) {
    const size_t page = 4096;
    bytes = (bytes + 15) / 16 * 16;
    size = (bytes + page - 1) / page * page;
    base =
        static_cast<char *>(mmap(nullptr, size + page, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base == MAP_FAILED || mprotect(base + size, page, PROT_NONE) != 0)
      fail("no shared memory");
    size += page;
    first = base + size - page - bytes;
    memset(first, 0xFF, bytes);
  }
  ~SharedMemory() { munmap(base, size); }

  char *base, *first;
  size_t size;
};

} // namespace ingot::emulation

#include "test/compiler/kernels/EmulatedWarpgroup.h"

namespace {

struct Index {
  int64_t x, y, z;
} blockIdx;

ingot::emulation::Block theBlock;

/// Runs `body` in each thread of a block.
void runBlock(int threads, size_t sharedBytes, const int64_t tile[3],
              std::function<void()> body) {
  using namespace ingot::emulation;
  static bool backwards = false;
  backwards = !backwards;
  SharedMemory shared(sharedBytes);
  block = &theBlock;
  blockIdx = {tile[0], tile[1], tile[2]};
  std::copy_n(tile, 3, block->tile);
  block->body = std::move(body);
  block->shared = shared.first;
  block->all = {threads};
  block->warps.assign(threads / kWarp, {kWarp});
  block->warpgroups.assign(threads % kWarpgroup == 0 ? threads / kWarpgroup : 0,
                           {kWarpgroup});
  block->handed.assign(threads, 0);
  block->tiles.assign(threads * 6, 0);
  block->fibers.resize(threads);
  for (Fiber &fiber : block->fibers)
    prepare(fiber);
  underWay.begin(threads, sharedBytes);
  for (int left = threads, idle = 0; left > 0;) {
    int before = left, meetings = block->all.meetings;
    for (int i = 0; i < threads; ++i) {
      int thread = backwards ? threads - 1 - i : i;
      if (block->fibers[thread].ended)
        continue;
      block->current = thread;
      ingotSwitchStacks(&block->scheduler, block->fibers[thread].top);
      left -= block->fibers[thread].ended;
    }
    // Warps meet without the block: only a long silence is a deadlock.
    bool moved = left != before || meetings != block->all.meetings;
    idle = moved ? 0 : idle + 1;
    if (idle > 1000000)
      fail("threads wait for each other for ever");
  }
}

} // namespace

namespace ingot::cuda {

using emulation::kWarp;

template <int Count>
struct Words {
  uint32_t word[Count];
};

inline int threadIndex() { return emulation::block->current; }
inline void *sharedMemory() { return emulation::block->shared; }
inline void syncThreads() { emulation::meet(emulation::block->all); }
inline void syncWarp() {
  emulation::meet(emulation::block->warps[threadIndex() / kWarp]);
}

template <typename T>
T shuffleXor(T value, int mask) {
  std::vector<uint64_t> &handed = emulation::block->handed;
  int own = threadIndex();
  memcpy(&handed[own], &value, sizeof(T));
  syncWarp();
  memcpy(&value, &handed[own ^ mask], sizeof(T));
  syncWarp();
  return value;
}

inline uint32_t largestOfWarp(uint32_t value) {
  for (int mask = kWarp / 2; mask > 0; mask /= 2)
    value = std::max(value, shuffleXor(value, mask));
  return value;
}
inline uint32_t smallestOfWarp(uint32_t value) {
  return ~largestOfWarp(~value);
}
inline uint32_t lanesWithSame(int32_t value) {
  uint32_t same = 0;
  for (int mask = 0; mask < kWarp; ++mask)
    if (shuffleXor(value, mask) == value)
      same |= 1u << ((threadIndex() ^ mask) % kWarp);
  return same;
}
inline int countBits(uint32_t bits) { return __builtin_popcount(bits); }

/// The words of each lane's a and b, then sums as mma.m16n8k16 lays them out.
inline void multiplyTiles(float (&sums)[4], const uint32_t (&a)[4],
                          const uint32_t (&b)[2]) {
  std::vector<uint32_t> &tiles = emulation::block->tiles;
  int own = threadIndex(), lane = own % kWarp, warp = own - lane;
  memcpy(&tiles[own * 6], a, sizeof(a));
  memcpy(&tiles[own * 6 + 4], b, sizeof(b));
  syncWarp();
  auto half = [&](int from, int word, int k) {
    uint32_t bits = tiles[(warp + from) * 6 + word] >> (16 * (k % 2));
    return __builtin_bit_cast(float, bits << 16);
  };
  for (int i = 0; i < 4; ++i) {
    int row = lane / 4, column = lane % 4 * 2 + i % 2;
    for (int k = 0; k < 16; ++k)
      sums[i] = std::fma(half(row * 4 + k % 8 / 2, i / 2 + k / 8 * 2, k),
                         half(column * 4 + k % 8 / 2, 4 + k / 8, k), sums[i]);
  }
  syncWarp();
}

/// The same for mma.m16n8k8, whose values are the first 11 bits of words.
inline void multiplyTf32Tiles(float (&sums)[4], const uint32_t (&a)[4],
                              const uint32_t (&b)[2]) {
  std::vector<uint32_t> &tiles = emulation::block->tiles;
  int own = threadIndex(), lane = own % kWarp, warp = own - lane;
  memcpy(&tiles[own * 6], a, sizeof(a));
  memcpy(&tiles[own * 6 + 4], b, sizeof(b));
  syncWarp();
  auto value = [&](int from, int word) {
    return __builtin_bit_cast(float,
                              tiles[(warp + from) * 6 + word] & 0xFFFFE000u);
  };
  for (int i = 0; i < 4; ++i) {
    int row = lane / 4, column = lane % 4 * 2 + i % 2;
    for (int k = 0; k < 8; ++k)
      sums[i] = std::fma(value(row * 4 + k % 4, i / 2 + k / 4 * 2),
                         value(column * 4 + k % 4, 4 + k / 4), sums[i]);
  }
  syncWarp();
}

/// The thread's bytes are copied when it waits for them.
template <int Bytes>
void copyToShared(void *to, const void *from, bool real) {
  if (reinterpret_cast<uintptr_t>(to) % Bytes != 0 ||
      reinterpret_cast<uintptr_t>(from) % Bytes != 0)
    emulation::fail("a copy that is not aligned");
  emulation::block->fibers[threadIndex()].fills.push_back(
      {to, real ? from : nullptr, Bytes});
}
inline void waitForAllCopies() {
  for (const emulation::Fill &copy :
       std::exchange(emulation::block->fibers[threadIndex()].fills, {}))
    if (copy.from)
      memcpy(copy.to, copy.from, copy.bytes);
    else
      memset(copy.to, 0, copy.bytes);
}

inline void waitForEarlierLaunches() {}
inline void releaseNextLaunch() {}
inline void prefetchL1(const void *) {}
inline void prefetchL2(const void *from, uint32_t bytes) {
  if (reinterpret_cast<uintptr_t>(from) % 16 != 0 || bytes % 16 != 0)
    emulation::fail("a prefetch that is not aligned");
}

template <int Count>
Words<Count> loadWords(const void *from) {
  if (reinterpret_cast<uintptr_t>(from) % (4 * Count) != 0)
    emulation::fail("a load that is not aligned");
  Words<Count> words;
  memcpy(&words, from, sizeof(words));
  return words;
}
inline Words<4> loadOnce16(const void *from) { return loadWords<4>(from); }
inline Words<2> loadOnce8(const void *from) { return loadWords<2>(from); }
inline uint32_t loadOnce4(const void *from) {
  return loadWords<1>(from).word[0];
}

inline float bitsToFloat(uint32_t bits) {
  return __builtin_bit_cast(float, bits);
}
inline uint32_t floatToBits(float value) {
  return __builtin_bit_cast(uint32_t, value);
}
inline float halfToFloat(uint16_t bits) {
  return static_cast<float>(__builtin_bit_cast(_Float16, bits));
}
inline float decodeE4M3(uint8_t code) {
  int exponent = code >> 3 & 15, mantissa = code & 7;
  float sign = code & 0x80 ? -1.0f : 1.0f;
  if (exponent == 15 && mantissa == 7)
    return NAN;
  return sign * (exponent == 0 ? std::ldexp(mantissa, -9)
                               : std::ldexp(8 + mantissa, exponent - 10));
}
inline uint32_t e4m3ToHalves(uint16_t codes) {
  uint32_t halves = 0;
  for (int i = 0; i < 2; ++i) {
    _Float16 half = static_cast<_Float16>(
        decodeE4M3(static_cast<uint8_t>(codes >> (8 * i))));
    halves |= static_cast<uint32_t>(__builtin_bit_cast(uint16_t, half))
              << (16 * i);
  }
  return halves;
}
inline uint8_t nearestE4M3(float value) {
  uint8_t sign = std::signbit(value) ? 0x80 : 0;
  if (std::isnan(value))
    return sign | 0x7F;
  // Codes have the order of their magnitudes.
  double magnitude = std::fabs(value);
  uint8_t below = 0;
  for (uint8_t step = 64; step > 0; step /= 2)
    if (below + step <= 0x7E && decodeE4M3(below + step) <= magnitude)
      below += step;
  if (below == 0x7E)
    return sign | below;
  double down = magnitude - decodeE4M3(below);
  double up = decodeE4M3(below + 1) - magnitude;
  return sign |
         (up < down || (up == down && below % 2 == 1) ? below + 1 : below);
}
inline uint16_t floatsToE4M3(float low, float high) {
  return nearestE4M3(low) | nearestE4M3(high) << 8;
}
inline uint16_t floatToBf16(float value) {
  uint32_t bits = floatToBits(value);
  if (std::isnan(value))
    return 0x7FFF; // what the instruction gives for any NaN
  return static_cast<uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

inline float multiplyAdd(float a, float b, float c) {
  return std::fma(a, b, c);
}
inline double multiplyAdd(double a, double b, double c) {
  return std::fma(a, b, c);
}
inline float exponential(float x) { return std::exp(x); }
inline float roundToEven(float x) { return std::nearbyint(x); }
inline double logarithm(double x) { return std::log(x); }

} // namespace ingot::cuda

#define addressOf(slot) (ingot::cuda::Address{reinterpret_cast<void *>(slot)})

#endif // INGOT_KERNELS_CUDA_DEVICE_CUH
