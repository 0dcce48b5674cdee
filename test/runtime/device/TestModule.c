//===- TestModule.c - a module with two kernels ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

/// *args[0] = args[1] + tile[0] + 10 * tile[1] + 100 * tile[2]
void add_tile(const uint64_t *args, const int64_t *tile) {
  *(int64_t *)(uintptr_t)args[0] =
      (int64_t)args[1] + tile[0] + 10 * tile[1] + 100 * tile[2];
}

/// For a driver that asks: one argument, of 4 bytes.
const uint64_t narrow_arguments[] = {1, 4};
void narrow(const uint64_t *args, const int64_t *tile) {
  (void)args;
  (void)tile;
}
