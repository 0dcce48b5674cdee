//===- device.cuh - what kernels ask of a GPU -------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernel bodies use, and nothing that computes. Bodies
// are written against these functions and those of warpgroup.cuh alone, so that
// a test can run them on the host with functions of its own behind the same
// names.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_DEVICE_CUH
#define INGOT_KERNELS_CUDA_DEVICE_CUH

#include <cstdint>

#define INGOT_KERNEL_FUNCTION __device__ __forceinline__

namespace ingot::cuda {

inline constexpr int kWarp = 32;

/// 32-bit words of memory.
template <int Count>
struct Words {
  uint32_t word[Count];
};

INGOT_KERNEL_FUNCTION int threadIndex() {
  return static_cast<int>(threadIdx.x);
}

/// The block's dynamic shared memory.
INGOT_KERNEL_FUNCTION void *sharedMemory() {
  extern __shared__ uint4 ingotShared[];
  return ingotShared;
}

INGOT_KERNEL_FUNCTION void syncThreads() { __syncthreads(); }
INGOT_KERNEL_FUNCTION void syncWarp() { __syncwarp(); }

/// The value of the lane whose number differs in the bits of `mask`.
template <typename T>
INGOT_KERNEL_FUNCTION T shuffleXor(T value, int mask) {
  return __shfl_xor_sync(0xFFFFFFFFu, value, mask);
}

/// Over all lanes, the same in each.
INGOT_KERNEL_FUNCTION uint32_t largestOfWarp(uint32_t value) {
  return __reduce_max_sync(0xFFFFFFFFu, value);
}
INGOT_KERNEL_FUNCTION uint32_t smallestOfWarp(uint32_t value) {
  return __reduce_min_sync(0xFFFFFFFFu, value);
}
/// The lanes of the warp that have the same value, a bit each.
INGOT_KERNEL_FUNCTION uint32_t lanesWithSame(int32_t value) {
  return __match_any_sync(0xFFFFFFFFu, value);
}
INGOT_KERNEL_FUNCTION int countBits(uint32_t bits) { return __popc(bits); }

/// Returns once all launches before this one are complete and what they wrote
/// is visible. Until then nothing but weights and what the host gives to a step
/// may be read, and nothing written.
INGOT_KERNEL_FUNCTION void waitForEarlierLaunches() {
  asm volatile("griddepcontrol.wait;" ::: "memory");
}
/// Lets the next launch begin, up to its own wait.
INGOT_KERNEL_FUNCTION void releaseNextLaunch() {
  asm volatile("griddepcontrol.launch_dependents;");
}

/// 16, 8 or 4 bytes of constant memory that is read once: weights.
INGOT_KERNEL_FUNCTION Words<4> loadOnce16(const void *from) {
  Words<4> w;
  asm("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
      : "=r"(w.word[0]), "=r"(w.word[1]), "=r"(w.word[2]), "=r"(w.word[3])
      : "l"(from));
  return w;
}
INGOT_KERNEL_FUNCTION Words<2> loadOnce8(const void *from) {
  Words<2> w;
  asm("ld.global.nc.L1::no_allocate.v2.u32 {%0, %1}, [%2];"
      : "=r"(w.word[0]), "=r"(w.word[1])
      : "l"(from));
  return w;
}
INGOT_KERNEL_FUNCTION uint32_t loadOnce4(const void *from) {
  uint32_t w;
  asm("ld.global.nc.L1::no_allocate.u32 %0, [%1];" : "=r"(w) : "l"(from));
  return w;
}

/// Starts to bring `bytes` bytes into the L2 cache; both are multiples of 16.
INGOT_KERNEL_FUNCTION void prefetchL2(const void *from, uint32_t bytes) {
  asm volatile("cp.async.bulk.prefetch.L2.global [%0], %1;" ::"l"(from),
               "r"(bytes));
}

/// Starts to bring the line of constant memory that `at` is in into the L1 cache.
INGOT_KERNEL_FUNCTION void prefetchL1(const void *at) {
  asm volatile("prefetch.global.L1 [%0];" ::"l"(at));
}

INGOT_KERNEL_FUNCTION float bitsToFloat(uint32_t bits) {
  return __uint_as_float(bits);
}
INGOT_KERNEL_FUNCTION uint32_t floatToBits(float value) {
  return __float_as_uint(value);
}
INGOT_KERNEL_FUNCTION float halfToFloat(uint16_t bits) {
  float value;
  asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
  return value;
}
/// Two E4M3 codes as halves, exactly; NaN stays NaN.
INGOT_KERNEL_FUNCTION uint32_t e4m3ToHalves(uint16_t codes) {
  uint32_t halves;
  asm("cvt.rn.f16x2.e4m3x2 %0, %1;" : "=r"(halves) : "h"(codes));
  return halves;
}
/// The codes nearest to two values, at most +-448; `low` is the first.
INGOT_KERNEL_FUNCTION uint16_t floatsToE4M3(float low, float high) {
  uint16_t codes;
  asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;"
      : "=h"(codes)
      : "f"(high), "f"(low));
  return codes;
}
INGOT_KERNEL_FUNCTION uint16_t floatToBf16(float value) {
  uint16_t bits;
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(bits) : "f"(value));
  return bits;
}

/// Adds to a tile of 16 by 8 the product of 16 by 16 and 16 by 8 bf16 values;
/// what a lane has of each is as PTX says of mma.m16n8k16.
INGOT_KERNEL_FUNCTION void multiplyTiles(float (&sums)[4],
                                         const uint32_t (&a)[4],
                                         const uint32_t (&b)[2]) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

/// The same of 16 by 8 and 8 by 8 float32 values, of which their first 11 bits
/// are multiplied: mma.m16n8k8 of tf32.
INGOT_KERNEL_FUNCTION void multiplyTf32Tiles(float (&sums)[4],
                                             const uint32_t (&a)[4],
                                             const uint32_t (&b)[2]) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

/// Starts to copy `Bytes` bytes into shared memory, or zeros if not `real`;
/// they are there after waitForAllCopies, for the thread that asked.
template <int Bytes>
INGOT_KERNEL_FUNCTION void copyToShared(void *to, const void *from, bool real) {
  if constexpr (Bytes < 4) {
    for (int i = 0; i < Bytes; ++i)
      static_cast<uint8_t *>(to)[i] =
          real ? static_cast<const uint8_t *>(from)[i] : 0;
  } else {
    uint32_t address = static_cast<uint32_t>(__cvta_generic_to_shared(to));
    int size = real ? Bytes : 0;
    if constexpr (Bytes == 16)
      asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(
                       address),
                   "l"(from), "r"(size)
                   : "memory");
    else
      asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(
                       address),
                   "l"(from), "n"(Bytes), "r"(size)
                   : "memory");
  }
}
INGOT_KERNEL_FUNCTION void waitForAllCopies() {
  asm volatile("cp.async.wait_all;" ::: "memory");
}

// Contraction is off: a product and a sum are one operation where they are
// written as one.
INGOT_KERNEL_FUNCTION float multiplyAdd(float a, float b, float c) {
  return __fmaf_rn(a, b, c);
}
INGOT_KERNEL_FUNCTION double multiplyAdd(double a, double b, double c) {
  return __fma_rn(a, b, c);
}
INGOT_KERNEL_FUNCTION float exponential(float x) { return expf(x); }
INGOT_KERNEL_FUNCTION float roundToEven(float x) { return rintf(x); }
INGOT_KERNEL_FUNCTION double logarithm(double x) { return log(x); }

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_DEVICE_CUH
