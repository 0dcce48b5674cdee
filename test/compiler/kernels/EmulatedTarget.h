//===- EmulatedTarget.h - runs the kernels of a GPU on the processor ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_EMULATEDTARGET_H
#define INGOT_TEST_COMPILER_KERNELS_EMULATEDTARGET_H

#include "compiler/kernels/CudaInstance.h"

namespace ingot::test {

/// A shared object with these kernels, as BuiltKernels has it.
llvm::Expected<std::string>
buildEmulated(llvm::ArrayRef<compiler::CudaInstance> instances);

} // namespace ingot::test

#endif // INGOT_TEST_COMPILER_KERNELS_EMULATEDTARGET_H
