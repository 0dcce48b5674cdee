//===- Batch.cpp - rows of sequences into an entry's inputs ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Batch.h"

#include <algorithm>
#include <string>

namespace ingot {

namespace {

int64_t countLogitRows(const Rows &rows) {
  switch (rows.logits) {
  case LogitRows::None:
    return 0;
  case LogitRows::Last:
    return 1;
  case LogitRows::All:
    return int64_t(rows.tokens.size());
  }
  return 0;
}

Status checkRow(std::span<const Rows> all, size_t index, Track track,
                const SequenceTable &sequences, const BatchLimits &limits) {
  const Rows &rows = all[index];
  const std::string object = "rows " + std::to_string(index);
  if (!sequences.isLive(rows.sequence))
    return invalidInput(object + " expect a live sequence, got " +
                        std::to_string(rows.sequence));
  for (const Rows &earlier : all.first(index))
    if (earlier.sequence == rows.sequence)
      return invalidInput(object + " expect a sequence of their own, got " +
                          std::to_string(rows.sequence) + " twice");
  if (rows.tokens.empty())
    return invalidInput(object + " expect at least 1 token, got 0");
  for (int32_t token : rows.tokens)
    if (token < 0 || token >= limits.vocabSize)
      return invalidInput(object + " expect token ids below " +
                          std::to_string(limits.vocabSize) + ", got " +
                          std::to_string(token));
  int64_t length = sequences.length(rows.sequence, track);
  if (int64_t(rows.tokens.size()) > limits.maxContext - length)
    return outOfMemory("sequence " + std::to_string(rows.sequence) +
                       " expects at most " + std::to_string(limits.maxContext) +
                       " tokens, got " + std::to_string(length) + " and " +
                       std::to_string(rows.tokens.size()) + " more");
  return {};
}

Status checkSizes(const StepSizes &sizes, const BatchLimits &limits) {
  auto atMost = [&](const char *what, int64_t limit, int64_t got) {
    return invalidInput(std::string(limits.entry) + " expects at most " +
                        std::to_string(limit) + " " + what + ", got " +
                        std::to_string(got));
  };
  if (sizes.tokens > limits.sizes.tokens)
    return atMost("tokens", limits.sizes.tokens, sizes.tokens);
  if (sizes.logitRows > limits.sizes.logitRows)
    return atMost("rows with logits", limits.sizes.logitRows, sizes.logitRows);
  return {};
}

} // namespace

bool haveDraws(std::span<const Rows> rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const Rows &one) { return !one.draws.empty(); });
}

/// One for each row with logits, or none at all.
static Status checkDraws(std::span<const Rows> rows) {
  if (!haveDraws(rows))
    return {};
  for (size_t i = 0; i < rows.size(); ++i)
    if (int64_t(rows[i].draws.size()) != countLogitRows(rows[i]))
      return invalidInput("rows " + std::to_string(i) + " expect " +
                          std::to_string(countLogitRows(rows[i])) +
                          " draws, as their step has some, got " +
                          std::to_string(rows[i].draws.size()));
  return {};
}

Result<StepSizes> checkBatch(std::span<const Rows> rows, Track track,
                             const SequenceTable &sequences,
                             const BatchLimits &limits) {
  if (rows.empty() || int64_t(rows.size()) > limits.sizes.sequences)
    return invalidInput(std::string(limits.entry) + " expects 1 to " +
                        std::to_string(limits.sizes.sequences) +
                        " sequences, got " + std::to_string(rows.size()));
  StepSizes sizes;
  sizes.sequences = int64_t(rows.size());
  int64_t missing = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (Status status = checkRow(rows, i, track, sequences, limits);
        !status.ok())
      return status;
    sizes.tokens += int64_t(rows[i].tokens.size());
    sizes.logitRows += countLogitRows(rows[i]);
    missing += sequences.missingPages(
        rows[i].sequence, sequences.length(rows[i].sequence, track) +
                              int64_t(rows[i].tokens.size()));
  }
  if (Status status = checkSizes(sizes, limits); !status.ok())
    return status;
  if (Status status = checkDraws(rows); !status.ok())
    return status;
  if (missing > sequences.freePages())
    return outOfMemory(std::string(limits.entry) + " expects " +
                       std::to_string(missing) +
                       " free pages of the kv cache, got " +
                       std::to_string(sequences.freePages()));
  return sizes;
}

void buildBatch(std::span<const Rows> rows, Track track,
                SequenceTable &sequences, const BatchLimits &limits,
                const EntryBuffers &inputs) {
  int32_t token = 0;
  int32_t *logitRow = inputs.logitRow;
  TokenDraw *draw = inputs.draws;
  for (size_t row = 0; row < rows.size(); ++row) {
    const int sequence = rows[row].sequence;
    const int64_t begin = sequences.length(sequence, track);
    const int64_t end = begin + int64_t(rows[row].tokens.size());
    sequences.reserve(sequence, end);
    sequences.setLength(sequence, track, end);

    int32_t *pages = inputs.pages + int64_t(row) * limits.pagesPerSequence;
    std::span<const int32_t> owned = sequences.pages(sequence);
    std::copy(owned.begin(), owned.end(), pages);
    std::fill(pages + owned.size(), pages + limits.pagesPerSequence, 0);

    for (int64_t position = begin; position < end; ++position, ++token) {
      inputs.tokens[token] = rows[row].tokens[size_t(position - begin)];
      inputs.positions[token] = int32_t(position);
      inputs.sequence[token] = int32_t(row);
      inputs.slot[token] = sequences.slot(sequence, position);
      if (rows[row].logits == LogitRows::All)
        *logitRow++ = token;
    }
    inputs.queryEnd[row] = token;
    if (rows[row].logits == LogitRows::Last)
      *logitRow++ = token - 1;
    if (draw && !rows[row].draws.empty())
      draw = std::copy(rows[row].draws.begin(), rows[row].draws.end(), draw);
    else if (draw) // the entry draws all the same
      draw = std::fill_n(draw, countLogitRows(rows[row]), TokenDraw());
  }
}

} // namespace ingot
