//===- WeightSource.h - where the bytes of weights are from -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_WEIGHTSOURCE_H
#define INGOT_EXEC_WEIGHTSOURCE_H

#include "runtime/exec/ModelImpl.h"

namespace ingot {

/// The upload of part `part` of a weight that nothing packs, all of its bytes
/// to `to`: from the files of `model` or, if it has a seed, drawn. Borrows
/// `model`.
Upload uploadOf(const Model::Impl &model, uint32_t weight, uint32_t part,
                std::byte *to);

} // namespace ingot

#endif // INGOT_EXEC_WEIGHTSOURCE_H
