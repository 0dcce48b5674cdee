//===- GoldenTensors.h - typed access to a golden file ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads tensors of a safetensors file whose type and shape the caller expects.
// The file is hostile: what is wrong is InvalidInput naming file and tensor,
// with what was expected and what was found.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_GOLDENTENSORS_H
#define INGOT_EVAL_GOLDENTENSORS_H

#include "ingot/Status.h"
#include "runtime/storage/SafeTensors.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace ingot::eval {

/// A tensor's values, row-major, and its shape.
template <typename T>
struct GoldenTensor {
  std::vector<int64_t> shape;
  std::vector<T> values;

  int64_t rowSize() const { return shape.back(); }
};

/// Borrows the file, which must outlive it. Const calls are thread-safe.
class GoldenTensors {
public:
  /// Stands for any extent of at least 1.
  static constexpr int64_t kAny = -1;

  explicit GoldenTensors(const storage::SafeTensors &file) : file(file) {}

  bool has(const std::string &name) const;
  /// An F32 tensor of that shape.
  Result<GoldenTensor<float>>
  floats(const std::string &name, std::initializer_list<int64_t> shape) const;
  /// An I32 tensor of that shape whose values lie in [0, vocab).
  Result<GoldenTensor<int32_t>> ids(const std::string &name,
                                    std::initializer_list<int64_t> shape,
                                    int64_t vocab) const;

private:
  template <typename T>
  Result<GoldenTensor<T>> read(const std::string &name,
                               storage::ElementType type,
                               std::initializer_list<int64_t> shape) const;
  Status wrong(const std::string &name, const std::string &expected,
               const std::string &got) const;

  const storage::SafeTensors &file;
};

} // namespace ingot::eval

#endif // INGOT_EVAL_GOLDENTENSORS_H
