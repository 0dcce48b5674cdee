//===- warpgroup.cuh - what kernels ask of four warps together --*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// More of device.cuh: what is under way while a thread goes on. Copies into
// shared memory, barriers that some threads arrive at and others wait for, and
// products of tiles in shared memory, which a warpgroup, 128 threads from a
// multiple of 128 on, asks for together.
//
// Products read shared memory through another proxy than threads do: what a
// thread has written there is fenced by that thread before others multiply it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_WARPGROUP_CUH
#define INGOT_KERNELS_CUDA_WARPGROUP_CUH

#include "compiler/kernels/cuda/device.cuh"

namespace ingot::cuda {

/// Threads of a warpgroup.
inline constexpr int kWarpgroup = 128;

/// Where it is in shared memory.
INGOT_KERNEL_FUNCTION uint32_t sharedAddress(const void *shared) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(shared));
}

/// Begins to copy 16 bytes, or 4, into shared memory; both are aligned to as
/// many. What is copied is not weights alone: caches see all writes.
INGOT_KERNEL_FUNCTION void copyAsync16(void *shared, const void *from) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(
                   sharedAddress(shared)),
               "l"(from)
               : "memory");
}
INGOT_KERNEL_FUNCTION void copyAsync4(void *shared, const void *from) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(
                   sharedAddress(shared)),
               "l"(from)
               : "memory");
}
/// Makes a group of the copies that the thread has begun since the last one.
INGOT_KERNEL_FUNCTION void commitCopies() {
  asm volatile("cp.async.commit_group;" ::: "memory");
}
/// Returns once all of the thread's groups of copies but the last `Left` have
/// ended.
template <int Left>
INGOT_KERNEL_FUNCTION void waitForCopies() {
  asm volatile("cp.async.wait_group %0;" ::"n"(Left) : "memory");
}
/// Shows what the thread has written into shared memory to products.
INGOT_KERNEL_FUNCTION void fenceForProducts() {
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

/// A barrier in shared memory has phases, 0, 1 and so on: one ends with the
/// arrival of `arrivals` threads. All threads meet between this and its use.
INGOT_KERNEL_FUNCTION void initBarrier(uint64_t *barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(
                   sharedAddress(barrier)),
               "r"(arrivals)
               : "memory");
}
INGOT_KERNEL_FUNCTION void arriveAt(uint64_t *barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(
                   sharedAddress(barrier))
               : "memory");
}
/// Returns once the barrier's last phase but the current one, or the current
/// one, which is odd or even as `parity` says, has ended.
INGOT_KERNEL_FUNCTION void waitAt(uint64_t *barrier, int parity) {
  uint32_t ended;
  do
    asm volatile("{\n"
                 ".reg .pred p;\n"
                 "mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\n"
                 "selp.u32 %0, 1, 0, p;\n"
                 "}"
                 : "=r"(ended)
                 : "r"(sharedAddress(barrier)), "r"(parity)
                 : "memory");
  while (ended == 0);
}

/// What a thread of the warpgroup may have from here on: fewer than it was
/// launched with, or more, once others have left them.
template <int Count>
INGOT_KERNEL_FUNCTION void leaveRegisters() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Count));
}
template <int Count>
INGOT_KERNEL_FUNCTION void takeRegisters() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Count));
}

/// Before the products that follow another use of their sums.
INGOT_KERNEL_FUNCTION void beginProducts() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}
INGOT_KERNEL_FUNCTION void commitProducts() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
/// Returns once the products that were committed have ended: their sums may be
/// read, and the tiles written.
template <int Count>
INGOT_KERNEL_FUNCTION void waitForProducts(float (&sums)[Count]) {
  asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
  // Sums are not read before.
#pragma unroll
  for (int i = 0; i < Count; ++i)
    asm volatile("" : "+f"(sums[i])::"memory");
}

#define INGOT_SUMS_4(AT)                                                       \
  "+f"(sums[AT]), "+f"(sums[AT + 1]), "+f"(sums[AT + 2]), "+f"(sums[AT + 3])
#define INGOT_SUMS_16(AT)                                                      \
  INGOT_SUMS_4(AT), INGOT_SUMS_4(AT + 4), INGOT_SUMS_4(AT + 8),                \
      INGOT_SUMS_4(AT + 12)

/// Begins to multiply 64 by 32 E4M3 codes with 32 by 2 * Count, and to add the
/// products to sums, or to put them there; `a` and `b` are descriptors of the
/// tiles (PTX, matrix descriptor), whose rows are those of the result and its
/// columns. What a thread has of the sums is as PTX says of wgmma's D.
INGOT_KERNEL_FUNCTION void multiplyCodes(float (&sums)[32], uint64_t a,
                                         uint64_t b, bool add) {
  asm volatile("{\n"
               ".reg .pred p;\n"
               "setp.ne.b32 p, %34, 0;\n"
               "wgmma.mma_async.sync.aligned.m64n64k32.f32.e4m3.e4m3 "
               "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, "
               "%14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, "
               "%26, %27, %28, %29, %30, %31}, %32, %33, p, 1, 1;\n"
               "}"
               : INGOT_SUMS_16(0), INGOT_SUMS_16(16)
               : "l"(a), "l"(b), "r"(static_cast<int>(add)));
}
INGOT_KERNEL_FUNCTION void multiplyCodes(float (&sums)[64], uint64_t a,
                                         uint64_t b, bool add) {
  asm volatile("{\n"
               ".reg .pred p;\n"
               "setp.ne.b32 p, %66, 0;\n"
               "wgmma.mma_async.sync.aligned.m64n128k32.f32.e4m3.e4m3 "
               "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, "
               "%14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, "
               "%26, %27, %28, %29, %30, %31, %32, %33, %34, %35, %36, %37, "
               "%38, %39, %40, %41, %42, %43, %44, %45, %46, %47, %48, %49, "
               "%50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, "
               "%62, %63}, %64, %65, p, 1, 1;\n"
               "}"
               : INGOT_SUMS_16(0), INGOT_SUMS_16(16), INGOT_SUMS_16(32),
                 INGOT_SUMS_16(48)
               : "l"(a), "l"(b), "r"(static_cast<int>(add)));
}

#undef INGOT_SUMS_4
#undef INGOT_SUMS_16

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_WARPGROUP_CUH
