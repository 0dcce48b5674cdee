//===- GpuModel.h - the sample plan on a GPU that is none -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_EXEC_GPUMODEL_H
#define INGOT_TEST_EXEC_GPUMODEL_H

#include "test/runtime/device/FakeCuda.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <memory>
#include <string>
#include <vector>

namespace ingot::test {

class GpuTest : public SampleModel {
protected:
  GpuTest() { moveToGpu(plan); }

  LoadOptions options() const {
    LoadOptions options;
    options.threads = 3;
    options.cudaDriver = FAKE_CUDA;
    return options;
  }
  std::string write() {
    return writeSampleArtifact(folder.path(), plan, readSampleKernels());
  }
  std::shared_ptr<const Model> loadOnGpu() { return loadOnGpu(options()); }
  std::shared_ptr<const Model> loadOnGpu(const LoadOptions &how) {
    auto model = Model::load(write(), how);
    EXPECT_TRUE(model) << model.status().message();
    return model ? *model : nullptr;
  }
  Session startOnGpu(bool checkLaunches = false) {
    auto session = Session::create(loadOnGpu(), {1, checkLaunches});
    EXPECT_TRUE(session) << session.status().message();
    return std::move(*session);
  }
  void expectRefused(StatusCode code, const std::string &message) {
    std::string path = write();
    auto model = Model::load(path, options());
    ASSERT_FALSE(model) << "expected: " << message;
    EXPECT_EQ(model.status().code(), code);
    std::string got = model.status().message();
    if (got.starts_with(path + ": "))
      got = got.substr(path.size() + 2);
    EXPECT_EQ(got, message);
  }
  int count(const std::string &call) { return fake.calls[call]; }

  std::vector<int32_t> text = {3, 1, 4, 1, 5, 2, 6, 5, 3};
  FakeCuda &fake = resetFakeCuda(FAKE_CUDA);
};

} // namespace ingot::test

#endif // INGOT_TEST_EXEC_GPUMODEL_H
