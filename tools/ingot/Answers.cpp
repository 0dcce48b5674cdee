//===- Answers.cpp - prints what prompts lead to --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/Answers.h"
#include "tools/ingot/Chat.h"

#include <cstdio>

namespace ingot::tool {

Status Answers::stream(const std::vector<int32_t> &prompt,
                       const GenerateOptions &options) {
  auto sequence = session.addSequence();
  if (!sequence)
    return sequence.status();
  asked = format.watch.seconds();
  auto result = generate(session, *sequence, prompt, options,
                         format.json ? TextObserver() : printText);
  if (!result)
    return result.status();
  printText(format.json ? toJson(*result) + "\n" : "\n");
  printStats(*result);
  return {};
}

Status Answers::printAll(const std::vector<std::vector<int32_t>> &prompts,
                         const GenerateOptions &options) {
  std::string json;
  auto onAnswer = [&](size_t prompt, const GenerateResult &result) {
    std::string header = "== prompt " + std::to_string(prompt + 1) + "\n";
    if (format.json)
      json += (prompt ? ",\n" : "") + toJson(result);
    else
      printText(header + result.text + "\n");
    printStats(result, header);
  };
  asked = format.watch.seconds();
  auto results = generateBatch(session, prompts, options, onAnswer);
  if (!results)
    return results.status();
  // Only now, so that a failure leaves no half an array.
  if (format.json)
    printText("[" + json + "]\n");
  return {};
}

Stats Answers::statsOf(const GenerateResult &result) const {
  Stats stats{format.loadSeconds, result.timings, session.memoryUse(),
              session.model().loadTimes(), session.keptSteps()};
  if (asked)
    stats.startToFirstToken = *asked + result.timings.firstTokenSeconds;
  return stats;
}

void Answers::printStats(const GenerateResult &result,
                         const std::string &header) const {
  if (format.stats)
    std::fputs((header + asText(statsOf(result))).c_str(), stderr);
}

std::string Answers::toJson(const GenerateResult &result) const {
  return asJson(result, statsOf(result));
}

} // namespace ingot::tool
