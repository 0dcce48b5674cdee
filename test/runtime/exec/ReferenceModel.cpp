//===- ReferenceModel.cpp - the sample plan, computed by hand -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/exec/ReferenceModel.h"

#include <fstream>
#include <iterator>

namespace ingot::test {

static std::vector<float> slice(const std::vector<float> &values, int64_t width,
                                int64_t begin, int64_t end) {
  return {values.begin() + begin * width, values.begin() + end * width};
}

std::vector<float> ReferenceRows::hiddenOf(int64_t begin, int64_t end) const {
  return slice(hidden, kHidden, begin, end);
}

std::vector<float> ReferenceRows::logitsOf(int64_t begin, int64_t end) const {
  return slice(logits, kVocab, begin, end);
}

ReferenceRows computeReference(std::span<const int32_t> tokens,
                               std::span<const float> hiddenIn) {
  ReferenceRows out;
  std::array<float, kHidden> weighted = {};
  for (size_t t = 0; t < tokens.size(); ++t) {
    for (int64_t n = 0; n < kHidden; ++n) {
      float x = tableValue(tokens[t], n);
      if (!hiddenIn.empty())
        x += hiddenIn[t * kHidden + n];
      weighted[n] += float(t + 1) * x;
      out.hidden.push_back(x + weighted[n] + kBias[n]);
    }
    for (int64_t v = 0; v < kVocab; ++v) {
      float sum = 0;
      for (int64_t n = 0; n < kHidden; ++n)
        sum += out.hidden[t * kHidden + n] * unembedValue(v, n);
      out.logits.push_back(sum);
    }
  }
  return out;
}

std::string readSampleKernels() {
  std::ifstream file(SAMPLE_KERNELS, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

SampleModel::SampleModel() {
  writeSampleWeights(folder.path());
  plan = makeSamplePlan(folder.path());
}

std::shared_ptr<const Model> SampleModel::load() {
  std::string path =
      writeSampleArtifact(folder.path(), plan, readSampleKernels());
  auto model = Model::load(path, {});
  EXPECT_TRUE(model) << model.status().message();
  return model ? *model : nullptr;
}

Session SampleModel::start(int threads) {
  auto session = Session::create(load(), {.threads = threads});
  EXPECT_TRUE(session) << session.status().message();
  return std::move(*session);
}

StepOutput stepOne(Session &session, int sequence,
                   std::span<const int32_t> tokens, LogitRows logits) {
  Rows rows{sequence, tokens, logits};
  auto out = session.score({&rows, 1});
  EXPECT_TRUE(out) << out.status().message();
  return out ? *out : StepOutput{};
}

} // namespace ingot::test
