//===- WeightSource.cpp - where the bytes of weights are from -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/WeightSource.h"
#include "runtime/plan/VerifyParts.h"

namespace ingot {

Upload uploadOf(const Model::Impl &model, uint32_t weight, uint32_t part,
                std::byte *to) {
  const fb::Weight &table = *model.plan().weights()->Get(weight);
  const fb::View &view = *table.views()->Get(part);
  Upload upload{to, view.size(), {}};
  if (!model.seed) {
    const storage::MappedFile &file = view.file() == kEmbedded
                                          ? model.file.mapping()
                                          : model.weightFiles[view.file()];
    upload.write = [&file, begin = view.offset()](uint64_t offset,
                                                  std::span<std::byte> out) {
      return file.read(begin + offset, out);
    };
    return upload;
  }
  const uint64_t size = verify::elementSize(table.type());
  const uint64_t begin = part * (upload.bytes / size);
  upload.write = [elements = randomElements(model.plan(), table, *model.seed),
                  begin, size](uint64_t offset, std::span<std::byte> out) {
    drawElements(elements, begin + offset / size, out.size() / size,
                 out.data());
    return Status();
  };
  return upload;
}

} // namespace ingot
