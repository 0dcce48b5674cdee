//===- ToFakeGpu.cpp - a plan of a host for a GPU that is none ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   ToFakeGpu cpu.ingot gpu.ingot
//   ingot run gpu.ingot --cuda-driver lib/libFakeCuda.so ...
//
// The fake driver runs the host's functions, so all that tools do on a GPU can
// be tried where there is none.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/PlanFile.h"
#include "test/runtime/plan/SamplePlan.h"

#include <cstdio>

using namespace ingot;

static Status convert(const char *from, const char *to) {
  auto file = PlanFile::open(from);
  if (!file)
    return file.status();
  fb::PlanT plan;
  file->plan().UnPackTo(&plan);
  std::vector<Blob> blobs;
  for (const fb::Module *module : *file->plan().modules())
    blobs.push_back({.bytes = file->blob(module->offset(), module->size())});
  test::moveToGpu(plan);
  const std::string_view assembly = "assembly text";
  blobs.push_back({.bytes = std::as_bytes(std::span(assembly))});
  for (const auto &weight : plan.weights)
    for (const fb::View &view : weight->views)
      if (view.file() == kEmbedded)
        blobs.push_back({.bytes = file->blob(view.offset(), view.size())});
  return writeArtifact(to, plan, blobs);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: ToFakeGpu FROM TO\n");
    return 1;
  }
  Status status = convert(argv[1], argv[2]);
  if (status.ok())
    return 0;
  std::fprintf(stderr, "ToFakeGpu: %s\n", status.message().c_str());
  return 1;
}
