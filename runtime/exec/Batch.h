//===- Batch.h - rows of sequences into an entry's inputs -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step takes chunks of any length from several sequences at once. This turns
// them into the flat inputs that kernels read: tokens one after the other, each
// with its position, its row of the page table and its slot in the cache.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_BATCH_H
#define INGOT_EXEC_BATCH_H

#include "ingot/Runtime.h"
#include "runtime/exec/EntryProgram.h"
#include "runtime/exec/SequenceTable.h"

#include <span>
#include <string_view>

namespace ingot {

/// What bounds a step of an entry.
struct BatchLimits {
  /// The entry's name.
  std::string_view entry;
  /// Maxima of the symbols T, S and R in the entry.
  StepSizes sizes;
  int64_t vocabSize = 0;
  int64_t maxContext = 0;
  int64_t pagesPerSequence = 0;
};

/// Whether the rows come with draws.
bool haveDraws(std::span<const Rows> rows);

/// Sizes of the step that `rows` make. InvalidInput if they are no step;
/// OutOfMemory if a sequence would outgrow the context, or the pages do not
/// suffice. Changes nothing.
Result<StepSizes> checkBatch(std::span<const Rows> rows, Track track,
                             const SequenceTable &sequences,
                             const BatchLimits &limits);

/// Reserves pages, fills `inputs` and advances the sequences, for rows that
/// checkBatch has accepted.
void buildBatch(std::span<const Rows> rows, Track track,
                SequenceTable &sequences, const BatchLimits &limits,
                const EntryBuffers &inputs);

} // namespace ingot

#endif // INGOT_EXEC_BATCH_H
