//===- ContentSample.h - what identifies a checkpoint file ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan refers to its weights in the checkpoint's own files. These hashes tell
// whether a file is still the one that was compiled: the header of a
// safetensors file for its layout, a sample of its content because a fine-tune
// has the same layout. Reading all of a large checkpoint would take minutes.
// Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_CONTENTSAMPLE_H
#define INGOT_PLAN_CONTENTSAMPLE_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ingot {

/// XXH3-64 of 64 KiB at 64 places of `file` that depend on its size alone, one
/// in each 64th of it; of all of it if it has no more than 4 MiB.
uint64_t sampleContent(std::span<const std::byte> file);

/// XXH3-64 of the JSON header of a safetensors file, as
/// storage::SafeTensors::headerHash; none if the file is too short to have one.
std::optional<uint64_t> hashSafeTensorsHeader(std::span<const std::byte> file);

/// Hash of all bytes of `parts`, as if they followed one another.
uint64_t hashContent(std::span<const std::span<const std::byte>> parts);

} // namespace ingot

#endif // INGOT_PLAN_CONTENTSAMPLE_H
