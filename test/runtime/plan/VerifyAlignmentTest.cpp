//===- VerifyAlignmentTest.cpp - vectors that cannot be read in place -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No writer of flatbuffers makes such plans, so these are made of its bytes.
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/BrokenPlan.h"

#include <cstring>

using namespace ingot;
using namespace ingot::test;

namespace {

class VerifyAlignment : public BrokenPlan {
protected:
  VerifyAlignment() { packSampleWeights(plan); }

  /// Moves `vector`, which `field` of `table` refers to, 4 bytes on in the room
  /// that it has, and leaves it the elements for which there still is some.
  template <typename Table, typename T>
  static void misalign(const Table &table, flatbuffers::voffset_t field,
                       const flatbuffers::Vector<T> &vector) {
    auto begin = const_cast<uint8_t *>(vector.Data()) - 4;
    uint32_t count = vector.size() - 1;
    std::memcpy(begin + 4, &count, 4);
    auto slot = const_cast<uint8_t *>(
        reinterpret_cast<const flatbuffers::Table &>(table).GetAddressOf(
            field));
    flatbuffers::WriteScalar(
        slot, flatbuffers::ReadScalar<flatbuffers::uoffset_t>(slot) + 4);
  }

  /// Verifies what `edit` has made of the artifact's bytes.
  void expectRefused(void (*edit)(const fb::Plan &),
                     const std::string &message) {
    writeSampleArtifact(folder.path(), plan);
    std::string content = folder.read("model.ingot");
    ContainerHeader header;
    std::memcpy(&header, content.data(), sizeof(header));
    edit(*fb::GetPlan(content.data() + header.planOffset));
    auto bytes = std::as_bytes(std::span(content));
    header.hash = hashArtifact(header, bytes);
    std::memcpy(content.data(), &header, sizeof(header));
    auto verified = verifyArtifact(bytes, "model.ingot");
    ASSERT_FALSE(verified) << "expected: " << message;
    EXPECT_EQ(verified.status().code(), StatusCode::InvalidPlan);
    EXPECT_EQ(verified.status().message(),
              "model.ingot: " + message +
                  " at a multiple of 8 bytes, got a remainder of 4");
  }
};

TEST_F(VerifyAlignment, ShapeOfABuffer) {
  expectRefused(
      [](const fb::Plan &plan) {
        const fb::Buffer &buffer = *plan.buffers()->Get(Pages);
        misalign(buffer, fb::Buffer::VT_SHAPE, *buffer.shape());
      },
      "buffer 4 expects a shape");
}

TEST_F(VerifyAlignment, ShapeOfAWeight) {
  expectRefused(
      [](const fb::Plan &plan) {
        const fb::Weight &weight = *plan.weights()->Get(Table);
        misalign(weight, fb::Weight::VT_SHAPE, *weight.shape());
      },
      "weight 'table' expects a shape");
}

TEST_F(VerifyAlignment, ViewsOfAWeight) {
  expectRefused(
      [](const fb::Plan &plan) {
        const fb::Weight &weight = *plan.weights()->Get(Unembed);
        misalign(weight, fb::Weight::VT_VIEWS, *weight.views());
      },
      "weight 'unembed.{v}' expects views");
}

TEST_F(VerifyAlignment, BucketOfAnEntry) {
  plan.entries[0]->bucket.push_back(1);
  expectRefused(
      [](const fb::Plan &plan) {
        const fb::Entry &entry = *plan.entries()->Get(0);
        misalign(entry, fb::Entry::VT_BUCKET, *entry.bucket());
      },
      "entry 'prefill' expects a bucket");
}

TEST_F(VerifyAlignment, GridOfALaunch) {
  plan.entries[0]->steps[0]->grid.emplace_back(-1, 0, 1, 1);
  expectRefused(
      [](const fb::Plan &plan) {
        const fb::Launch &launch = *plan.entries()->Get(0)->steps()->Get(0);
        misalign(launch, fb::Launch::VT_GRID, *launch.grid());
      },
      "entry 'prefill' launch 'embed' expects a grid");
}

TEST_F(VerifyAlignment, GridOfALaunchThatPacks) {
  plan.pack[0]->grid.emplace_back(-1, 0, 1, 1);
  expectRefused(
      [](const fb::Plan &plan) {
        const fb::Launch &launch = *plan.pack()->Get(0);
        misalign(launch, fb::Launch::VT_GRID, *launch.grid());
      },
      "pack launch 'bias.doubled' expects a grid");
}

} // namespace
