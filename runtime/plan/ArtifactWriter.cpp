//===- ArtifactWriter.cpp - puts plan and blobs in one file ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/AtomicFile.h"
#include "runtime/storage/MappedFile.h"
#include "runtime/storage/Messages.h"

#include <cstring>
#include <optional>
#include <vector>

namespace ingot {

namespace {

using Builder = flatbuffers::FlatBufferBuilder;

uint64_t sizeOf(const Blob &blob) {
  return blob.path.empty() ? blob.bytes.size() : blob.size;
}

/// The views of embedded weights, in order.
std::vector<fb::View *> findEmbeddedViews(fb::PlanT &plan) {
  std::vector<fb::View *> views;
  for (auto &weight : plan.weights)
    for (fb::View &view : weight->views)
      if (view.file() == kEmbedded)
        views.push_back(&view);
  return views;
}

Status checkBlobs(const std::string &path, const fb::PlanT &plan,
                  std::span<fb::View *const> views,
                  std::span<const Blob> blobs) {
  size_t modules = plan.modules.size();
  if (blobs.size() != modules + views.size())
    return invalidInput(path + ": plan expects " + std::to_string(modules) +
                        " modules and " + std::to_string(views.size()) +
                        " embedded views, got " + std::to_string(blobs.size()) +
                        " blobs");
  for (size_t i = 0; i < modules; ++i)
    if (!blobs[i].path.empty())
      return invalidInput(path + ": module " + std::to_string(i) +
                          " expects its bytes in memory, got file " +
                          storage::quote(blobs[i].path));
  for (size_t i = 0; i < views.size(); ++i)
    if (uint64_t got = sizeOf(blobs[modules + i]); got != views[i]->size())
      return invalidInput(path + ": embedded view " + std::to_string(i) +
                          " expects " + std::to_string(views[i]->size()) +
                          " bytes, got " + std::to_string(got));
  return {};
}

/// Places the blobs behind a plan of `planSize` bytes.
ContainerHeader layOut(fb::PlanT &plan, std::span<fb::View *const> views,
                       std::span<const Blob> blobs, uint64_t planSize) {
  ContainerHeader header;
  header.planOffset = sizeof(header);
  header.planSize = planSize;
  header.hashedSize = header.planOffset + planSize;
  for (size_t i = 0; i < plan.modules.size(); ++i) {
    plan.modules[i]->offset = alignBlob(header.hashedSize);
    plan.modules[i]->size = sizeOf(blobs[i]);
    header.hashedSize = plan.modules[i]->offset + plan.modules[i]->size;
  }
  header.fileSize = header.hashedSize;
  for (fb::View *view : views) {
    *view = fb::View(kEmbedded, alignBlob(header.fileSize), view->size());
    header.fileSize = view->offset() + view->size();
  }
  return header;
}

void pack(Builder &builder, const fb::PlanT &plan) {
  builder.Clear();
  fb::FinishPlanBuffer(builder, fb::Plan::Pack(builder, &plan));
}

/// Header, plan and modules, with the hash filled in.
std::vector<std::byte> buildHashedPart(ContainerHeader header,
                                       const Builder &builder,
                                       const fb::PlanT &plan,
                                       std::span<const Blob> blobs) {
  std::vector<std::byte> out(header.hashedSize);
  std::memcpy(out.data() + header.planOffset, builder.GetBufferPointer(),
              header.planSize);
  for (size_t i = 0; i < plan.modules.size(); ++i)
    if (!blobs[i].bytes.empty())
      std::memcpy(out.data() + plan.modules[i]->offset, blobs[i].bytes.data(),
                  blobs[i].bytes.size());
  header.hash = hashArtifact(header, out);
  std::memcpy(out.data(), &header, sizeof(header));
  return out;
}

/// Copies file ranges; neighbouring blobs often share a file, which stays open.
class RangeSource {
public:
  Result<std::span<const std::byte>> bytesOf(const Blob &blob) {
    if (blob.path.empty())
      return blob.bytes;
    if (!file || file->path() != blob.path) {
      Result<storage::MappedFile> opened = storage::MappedFile::open(blob.path);
      if (!opened)
        return opened.status();
      file = std::move(*opened);
    }
    if (blob.offset > file->size() || blob.size > file->size() - blob.offset)
      return invalidInput(blob.path + ": embedded weight expects " +
                          std::to_string(blob.size) + " bytes at offset " +
                          std::to_string(blob.offset) + ", got a file of " +
                          std::to_string(file->size()));
    return file->bytes().subspan(blob.offset, blob.size);
  }

private:
  std::optional<storage::MappedFile> file;
};

} // namespace

const fb::Plan &PackedArtifact::plan() const {
  return *fb::GetPlan(head.data() + header.planOffset);
}

Result<PackedArtifact> packArtifact(const std::string &name, fb::PlanT &plan,
                                    std::span<const Blob> blobs) {
  std::vector<fb::View *> views = findEmbeddedViews(plan);
  if (Status status = checkBlobs(name, plan, views, blobs); !status.ok())
    return status;

  // Blobs lie behind the plan, which holds their offsets: measure, place, pack
  // again. The size stays, as no offset or size is 0 (a field that is, is left
  // out), except for an empty module, which is 0 both times.
  layOut(plan, views, blobs, /*planSize=*/0);
  Builder builder;
  pack(builder, plan);
  uint64_t planSize = builder.GetSize();
  ContainerHeader header = layOut(plan, views, blobs, planSize);
  pack(builder, plan);
  if (builder.GetSize() != planSize)
    return internalError(name + ": plan expects to pack into " +
                         std::to_string(planSize) + " bytes, got " +
                         std::to_string(builder.GetSize()));
  return PackedArtifact{header, buildHashedPart(header, builder, plan, blobs)};
}

Status writeArtifact(const std::string &path, const PackedArtifact &packed,
                     std::span<const Blob> blobs) {
  Result<storage::AtomicFile> file = storage::AtomicFile::create(path);
  if (!file)
    return file.status();
  if (Status status = file->write(std::span<const std::byte>(packed.head));
      !status.ok())
    return status;
  RangeSource source;
  for (const Blob &blob : blobs.subspan(packed.plan().modules()->size())) {
    Result<std::span<const std::byte>> bytes = source.bytesOf(blob);
    if (!bytes)
      return bytes.status();
    if (Status status = file->padTo(kBlobAlignment); !status.ok())
      return status;
    if (Status status = file->write(*bytes); !status.ok())
      return status;
  }
  return file->commit();
}

Status writeArtifact(const std::string &path, fb::PlanT &plan,
                     std::span<const Blob> blobs) {
  Result<PackedArtifact> packed = packArtifact(path, plan, blobs);
  return packed ? writeArtifact(path, *packed, blobs) : packed.status();
}

} // namespace ingot
