//===- EmulatedWarpgroup.h - what is under way in a block -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A part of EmulatedDevice.h: the functions of cuda/warpgroup.cuh. What is
// asked for happens as late as it may: a copy once its thread waits for it, a
// product once its sums are waited for. Products see of shared memory what
// threads have fenced, and poison where they have not. So a wait, a fence or a
// barrier that is missing shows in what is computed.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_WARPGROUP_CUH
#define INGOT_KERNELS_CUDA_WARPGROUP_CUH

#include <array>
#include <deque>

namespace ingot::cuda {
inline float decodeE4M3(uint8_t code);
} // namespace ingot::cuda

namespace ingot::emulation {

/// Bytes that are to be copied, or were.
struct Copy {
  char *to;
  const char *from;
  int bytes;
};

/// A product of tiles whose sums, two for each two columns, are a thread's.
struct Product {
  float *sums;
  int count;
  uint64_t a, b;
  bool add;
};

/// What a thread has asked for.
struct Requests {
  std::vector<Copy> begun, unfenced;
  std::deque<std::vector<Copy>> groups;
  std::vector<Product> products, committed;
};

/// A barrier, in the 8 bytes that it has in shared memory.
struct PhaseBarrier {
  uint16_t arrivals, missing;
  uint32_t phase;
};
static_assert(sizeof(PhaseBarrier) == sizeof(uint64_t));

/// Where shared memory begins for descriptors: at no round address.
inline constexpr uint32_t kFirstSharedAddress = 0x410;

struct UnderWay {
  /// What codes stand for.
  std::array<float, 256> values;
  std::vector<Requests> threads;
  /// Shared memory as products see it.
  std::vector<uint8_t> fenced;

  UnderWay() {
    for (int code = 0; code < 256; ++code)
      values[code] = cuda::decodeE4M3(static_cast<uint8_t>(code));
  }
  void begin(int count, size_t sharedBytes) {
    threads.assign(count, {});
    fenced.assign(sharedBytes, 0xFF);
  }
  Requests &own() { return threads[block->current]; }

  /// The offset of `bytes` of shared memory.
  size_t offsetOf(const void *shared, size_t bytes) {
    size_t offset = static_cast<const char *>(shared) - block->shared;
    if (offset + bytes > fenced.size())
      fail("an address outside of shared memory");
    return offset;
  }

  /// Code k, below 32, in row r of a tile: rows of 128 bytes, eight of them a
  /// pattern of 1,024 bytes, in which bits 4 to 6 of an address are changed by
  /// bits 7 to 9; from pattern to pattern it is as far as the descriptor says.
  uint8_t code(uint64_t descriptor, int r, int k) {
    uint32_t start = (descriptor & 0x3FFF) * 16;
    uint32_t pattern = (descriptor >> 32 & 0x3FFF) * 16;
    uint32_t address = start + r / 8 * pattern + r % 8 * 128 + k;
    address ^= (address >> 7 & 7) << 4;
    uint32_t offset = address - kFirstSharedAddress;
    if (descriptor >> 61 != 2 || (descriptor >> 49 & 7) != 0)
      fail("a descriptor of another pattern than that of 128 bytes");
    if (address < kFirstSharedAddress || offset >= fenced.size())
      fail("a tile outside of shared memory");
    return fenced[offset];
  }

  /// Columns of the result are in twos, of row lane / 4 and of the eighth row
  /// after it; a warp has 16 rows.
  void compute(const Product &product) {
    int lane = block->current % kWarp;
    int row = block->current % kWarpgroup / kWarp * 16 + lane / 4;
    float codes[2][32];
    for (int i = 0; i < 64; ++i)
      codes[i / 32][i % 32] = values[code(product.a, row + i / 32 * 8, i % 32)];
    for (int i = 0; i < product.count; ++i) {
      int column = i / 4 * 8 + lane % 4 * 2 + i % 2;
      float sum = product.add ? product.sums[i] : 0.0f;
      for (int k = 0; k < 32; ++k)
        sum = std::fma(codes[i / 2 % 2][k], values[code(product.b, column, k)],
                       sum);
      product.sums[i] = sum;
    }
  }
};

inline UnderWay underWay;

inline void meetWarpgroup() {
  if (block->warpgroups.empty())
    fail("a block that is not made of warpgroups");
  meet(block->warpgroups[block->current / kWarpgroup]);
}

inline void beginCopy(void *shared, const void *from, int bytes) {
  if (underWay.offsetOf(shared, bytes) % 4 != 0 ||
      reinterpret_cast<uintptr_t>(shared) % bytes != 0 ||
      reinterpret_cast<uintptr_t>(from) % bytes != 0)
    fail("a copy that is not aligned");
  underWay.own().begun.push_back(
      {static_cast<char *>(shared), static_cast<const char *>(from), bytes});
}

/// Of a shared barrier that was initialised.
inline PhaseBarrier &phaseBarrier(uint64_t *barrier) {
  underWay.offsetOf(barrier, sizeof(*barrier));
  auto *phases = reinterpret_cast<PhaseBarrier *>(barrier);
  if (phases->arrivals == 0xFFFF)
    fail("a barrier that was not initialised");
  return *phases;
}

/// As all threads of the warpgroup do, and with the same tiles.
inline void beginProduct(float *sums, int count, uint64_t a, uint64_t b,
                         bool add) {
  int own = block->current, first = own - own % kWarpgroup;
  block->handed[own] = a * 31 + b;
  meetWarpgroup();
  if (block->handed[own] != block->handed[first])
    fail("threads of a warpgroup that multiply other tiles than the first");
  meetWarpgroup();
  underWay.own().products.push_back({sums, count, a, b, add});
}

} // namespace ingot::emulation

namespace ingot::cuda {

using emulation::kWarpgroup;

inline uint32_t sharedAddress(const void *shared) {
  return static_cast<uint32_t>(emulation::underWay.offsetOf(shared, 0)) +
         emulation::kFirstSharedAddress;
}

inline void copyAsync16(void *shared, const void *from) {
  emulation::beginCopy(shared, from, 16);
}
inline void copyAsync4(void *shared, const void *from) {
  emulation::beginCopy(shared, from, 4);
}
inline void commitCopies() {
  emulation::Requests &own = emulation::underWay.own();
  own.groups.push_back(std::move(own.begun));
  own.begun.clear();
}
template <int Left>
void waitForCopies() {
  emulation::Requests &own = emulation::underWay.own();
  for (; own.groups.size() > Left; own.groups.pop_front())
    for (const emulation::Copy &copy : own.groups.front()) {
      memcpy(copy.to, copy.from, copy.bytes);
      own.unfenced.push_back(copy);
    }
}
inline void fenceForProducts() {
  emulation::Requests &own = emulation::underWay.own();
  for (const emulation::Copy &copy : own.unfenced)
    memcpy(&emulation::underWay
                .fenced[emulation::underWay.offsetOf(copy.to, copy.bytes)],
           copy.to, copy.bytes);
  own.unfenced.clear();
}

inline void initBarrier(uint64_t *barrier, int arrivals) {
  emulation::PhaseBarrier phases{static_cast<uint16_t>(arrivals),
                                 static_cast<uint16_t>(arrivals), 0};
  emulation::underWay.offsetOf(barrier, sizeof(*barrier));
  memcpy(barrier, &phases, sizeof(phases));
}
inline void arriveAt(uint64_t *barrier) {
  emulation::PhaseBarrier &phases = emulation::phaseBarrier(barrier);
  if (--phases.missing == 0) {
    phases.missing = phases.arrivals;
    ++phases.phase;
  }
}
inline void waitAt(uint64_t *barrier, int parity) {
  while (emulation::phaseBarrier(barrier).phase % 2 ==
         static_cast<uint32_t>(parity))
    emulation::takeTurns();
}

template <int Count>
void leaveRegisters() {
  static_assert(Count % 8 == 0 && Count >= 24 && Count <= 256);
}
template <int Count>
void takeRegisters() {
  static_assert(Count % 8 == 0 && Count >= 24 && Count <= 256);
}

inline void beginProducts() {}
template <int Count>
void multiplyCodes(float (&sums)[Count], uint64_t a, uint64_t b, bool add) {
  emulation::beginProduct(sums, Count, a, b, add);
}
inline void commitProducts() {
  emulation::Requests &own = emulation::underWay.own();
  own.committed.insert(own.committed.end(), own.products.begin(),
                       own.products.end());
  own.products.clear();
}
template <int Count>
void waitForProducts(float (&)[Count]) {
  emulation::Requests &own = emulation::underWay.own();
  for (const emulation::Product &product : own.committed)
    emulation::underWay.compute(product);
  own.committed.clear();
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_WARPGROUP_CUH
