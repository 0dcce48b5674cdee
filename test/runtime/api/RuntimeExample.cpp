//===- RuntimeExample.cpp - the example of ingot/Runtime.h ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled against the public headers and the shared library alone: what a
// program that embeds the runtime sees.
//
//   RuntimeExample MODEL.ingot ID...: prints the most likely next id.
//
//===----------------------------------------------------------------------===//

#include "ingot/Runtime.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

static int fail(const ingot::Status &status) {
  std::fprintf(stderr, "error: %s\n", status.message().c_str());
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 3)
    return fail(ingot::invalidInput("expects MODEL.ingot and ids"));
  std::vector<int32_t> promptIds;
  for (int i = 2; i < argc; ++i)
    promptIds.push_back(
        static_cast<int32_t>(std::strtol(argv[i], nullptr, 10)));

  auto model = ingot::Model::load(argv[1], {});
  if (!model)
    return fail(model.status());
  auto session = ingot::Session::create(*model, {});
  if (!session)
    return fail(session.status());
  auto sequence = session->addSequence();
  if (!sequence)
    return fail(sequence.status());
  ingot::Rows rows{*sequence, promptIds, ingot::LogitRows::Last};
  auto out = session->prefill({&rows, 1});
  if (!out)
    return fail(out.status());
  auto best = std::max_element(out->logits.begin(), out->logits.end());
  std::printf("%td\n", best - out->logits.begin());
  return 0;
}
