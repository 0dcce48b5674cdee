//===- VerifyWeights.cpp - whether weights lie where they should ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/VerifyParts.h"

namespace ingot::verify {

/// Names come from a file that anyone may have written: none may lead out of
/// the checkpoint's folder.
static bool isInsideFolder(std::string_view name) {
  if (name.starts_with('/'))
    return false;
  for (size_t begin = 0; begin <= name.size();) {
    size_t end = std::min(name.find('/', begin), name.size());
    if (name.substr(begin, end - begin) == "..")
      return false;
    begin = end + 1;
  }
  return true;
}

static Status verifyFiles(const Context &c) {
  UniqueNames names(c, "file");
  for (const fb::File *file : *c.plan.files()) {
    if (Status s = names.add(file->name()); !s.ok())
      return s;
    if (!isInsideFolder(file->name()->string_view()))
      return c.fail("file", "a relative name without '..'",
                    storage::quote(file->name()->string_view()));
  }
  return {};
}

/// A view lies inside its file (or, embedded, behind the hashed part of the
/// artifact) and is aligned to its elements: kernels read it in place.
static Status verifyView(const Context &c, const std::string &object,
                         const fb::View &view, uint64_t alignment) {
  uint64_t begin = c.header.hashedSize, end = c.header.fileSize;
  if (view.file() != kEmbedded) {
    if (Status s =
            c.checkIndex(object, "files", view.file(), c.plan.files()->size());
        !s.ok())
      return s;
    begin = 0;
    end = c.plan.files()->Get(view.file())->size();
  }
  if (view.offset() < begin || view.offset() > end ||
      view.size() > end - view.offset())
    return c.fail(object,
                  "a view within bytes " + std::to_string(begin) + " to " +
                      std::to_string(end) + " of its file",
                  std::to_string(view.size()) + " bytes at offset " +
                      std::to_string(view.offset()));
  if (view.offset() % alignment != 0)
    return c.failUnsigned(object,
                          "an offset aligned to " + std::to_string(alignment),
                          view.offset());
  return {};
}

/// Views of what is drawn or packed follow each other, as in the memory that
/// will hold them.
static Status verifyComputed(const Context &c, const std::string &object,
                             const fb::Weight &weight) {
  const int32_t file = weight.views()->Get(0)->file();
  uint64_t next = 0;
  for (const fb::View *view : *weight.views()) {
    if (view->file() != file)
      return c.fail(object,
                    file == kPacked ? "all views or none to be packed"
                                    : "all views or none without a file",
                    int64_t(view->file()));
    if (view->offset() != next)
      return c.failUnsigned(object, "offset " + std::to_string(next),
                            view->offset());
    next += view->size();
  }
  return {};
}

/// Scales belong to an FP8 weight that has an innermost dimension.
static Status verifyScales(const Context &c, const std::string &object,
                           const fb::Weight &weight) {
  if (weight.scales() == -1)
    return {};
  const auto &weights = *c.plan.weights();
  if (Status s =
          c.checkIndex(object, "weights", weight.scales(), weights.size());
      !s.ok())
    return s;
  const fb::Weight &scaled = *weights.Get(weight.scales());
  if (scaled.type() != fb::ElementType::F8E4M3 || scaled.shape()->size() == 0)
    return c.fail(object, "to scale an f8e4m3 matrix",
                  named("weight", scaled.name()));
  return {};
}

static Status verifyWeight(const Context &c, const fb::Weight &weight) {
  const std::string object = named("weight", weight.name());
  if (Status s = c.checkAligned(object, "a shape", *weight.shape()); !s.ok())
    return s;
  if (Status s = c.checkAligned(object, "views", *weight.views()); !s.ok())
    return s;
  if (weight.fan_in() < 0)
    return c.fail(object, "a fan_in of 0 or more", weight.fan_in());
  const uint64_t element = elementSize(weight.type());
  if (element == 0)
    return c.fail(object, "an element type of 0 to 4", int64_t(weight.type()));
  std::optional<uint64_t> bytes = element;
  for (int64_t extent : *weight.shape()) {
    bytes = grow(*bytes, extent);
    if (!bytes)
      return c.fail(object, "positive sizes whose product is below 2^63",
                    extent);
  }
  uint64_t views = weight.views()->size();
  uint64_t parts = weight.shape()->size() ? weight.shape()->Get(0) : 1;
  if (views != 1 && views != parts)
    return c.failUnsigned(
        object, "1 view or one for each of " + std::to_string(parts) + " parts",
        views);
  const bool computed = isComputed(weight);
  for (const fb::View *view : *weight.views()) {
    if (view->size() != *bytes / views)
      return c.failUnsigned(
          object, "views of " + std::to_string(*bytes / views) + " bytes",
          view->size());
    if (computed)
      continue;
    if (Status s = verifyView(c, object, *view, element); !s.ok())
      return s;
  }
  if (computed)
    if (Status s = verifyComputed(c, object, weight); !s.ok())
      return s;
  return verifyScales(c, object, weight);
}

Status verifyWeights(const Context &c) {
  if (Status s = verifyFiles(c); !s.ok())
    return s;
  UniqueNames names(c, "weight");
  for (const fb::Weight *weight : *c.plan.weights()) {
    if (Status s = names.add(weight->name()); !s.ok())
      return s;
    if (Status s = verifyWeight(c, *weight); !s.ok())
      return s;
  }
  return {};
}

} // namespace ingot::verify
