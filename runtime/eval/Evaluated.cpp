//===- Evaluated.cpp - a model under evaluation ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Evaluated.h"

namespace ingot::eval {

// Here so that the class has one home for its vtable.
Evaluated::~Evaluated() = default;

} // namespace ingot::eval
