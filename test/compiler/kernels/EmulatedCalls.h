//===- EmulatedCalls.h - what kernels in MLIR call --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that EmulatedNvvm.cpp puts in place of ops of a GPU, by names
// that objects can refer to.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_EMULATEDCALLS_H
#define INGOT_TEST_COMPILER_KERNELS_EMULATEDCALLS_H

#include "test/compiler/kernels/EmulatedDevice.h"

extern "C" {

int64_t ingotThread() { return ingot::cuda::threadIndex(); }
int64_t ingotTile(int32_t dimension) {
  return ingot::emulation::block->tile[dimension];
}
void ingotMeet() { ingot::cuda::syncThreads(); }
uint32_t ingotShuffleXor(uint32_t value, int32_t mask) {
  return ingot::cuda::shuffleXor(value, mask);
}
void ingotWait() { ingot::cuda::waitForEarlierLaunches(); }
void ingotRelease() { ingot::cuda::releaseNextLaunch(); }
/// What is fetched ahead must be there to be read.
void ingotPrefetch(const void *at) {
  (void)*static_cast<const volatile char *>(at);
}
void *ingotShared(int64_t offset) {
  return static_cast<char *>(ingot::cuda::sharedMemory()) + offset;
}
uint16_t ingotToE4M3(float low, float high) {
  return ingot::cuda::floatsToE4M3(low, high);
}
uint32_t ingotFromE4M3(uint16_t codes) {
  return ingot::cuda::e4m3ToHalves(codes);
}
uint16_t ingotToBf16(float value) { return ingot::cuda::floatToBf16(value); }

} // extern "C"

#endif // INGOT_TEST_COMPILER_KERNELS_EMULATEDCALLS_H
