//===- GoldenTensors.cpp - typed access to a golden file ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/GoldenTensors.h"

#include <algorithm>
#include <cstring>

namespace ingot::eval {

/// "[3, ?, 2048]"; kAny reads "?".
template <typename Range>
static std::string shapeText(const Range &shape) {
  std::string text = "[";
  for (int64_t extent : shape) {
    if (text.size() > 1)
      text += ", ";
    text += extent == GoldenTensors::kAny ? "?" : std::to_string(extent);
  }
  return text + "]";
}

static bool matches(const std::vector<int64_t> &shape,
                    std::initializer_list<int64_t> expected) {
  return std::equal(shape.begin(), shape.end(), expected.begin(),
                    expected.end(), [](int64_t got, int64_t want) {
                      return want == GoldenTensors::kAny ? got >= 1
                                                         : got == want;
                    });
}

bool GoldenTensors::has(const std::string &name) const {
  return file.find(name) != nullptr;
}

Status GoldenTensors::wrong(const std::string &name,
                            const std::string &expected,
                            const std::string &got) const {
  return invalidInput(file.file().path() + ": tensor '" + name + "' expects " +
                      expected + ", got " + got);
}

template <typename T>
Result<GoldenTensor<T>>
GoldenTensors::read(const std::string &name, storage::ElementType type,
                    std::initializer_list<int64_t> shape) const {
  const storage::TensorInfo *info = file.find(name);
  if (!info)
    return notFound(file.file().path() + ": no tensor '" + name + "'");
  if (info->type != type)
    return wrong(name, "type " + std::string(storage::name(type)),
                 std::string(storage::name(info->type)));
  if (!matches(info->shape, shape))
    return wrong(name, "shape " + shapeText(shape), shapeText(info->shape));

  GoldenTensor<T> tensor{info->shape, std::vector<T>(info->bytes / sizeof(T))};
  // Copied: a tensor of a mapped file is aligned to nothing in particular.
  std::memcpy(tensor.values.data(), file.data(*info).data(), info->bytes);
  return tensor;
}

Result<GoldenTensor<float>>
GoldenTensors::floats(const std::string &name,
                      std::initializer_list<int64_t> shape) const {
  return read<float>(name, storage::ElementType::F32, shape);
}

Result<GoldenTensor<int32_t>>
GoldenTensors::ids(const std::string &name,
                   std::initializer_list<int64_t> shape, int64_t vocab) const {
  auto tensor = read<int32_t>(name, storage::ElementType::I32, shape);
  if (!tensor)
    return tensor.status();
  for (int32_t id : tensor->values)
    if (id < 0 || id >= vocab)
      return wrong(name, "ids in [0, " + std::to_string(vocab) + ")",
                   std::to_string(id));
  return tensor;
}

} // namespace ingot::eval
