//===- FuzzPlan.cpp - any bytes as an artifact ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All that reads a plan without running it: verification, `ingot inspect`, the
// report, and the tokenizer and chat template that it carries. Machine code is
// neither loaded nor run.
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/PlanText.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/Inspect.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/PlanReport.h"
#include "runtime/text/ChatTemplate.h"
#include "runtime/text/Tokenizer.h"
#include "test/fuzz/Fuzz.h"

#include <algorithm>
#include <cstring>

using namespace ingot;

/// The artifact that `data` stands for. Version and hash are put right, which
/// no mutation would do, and the zeros of blobs may be left out at the end.
static std::vector<std::byte> repair(const uint8_t *data, size_t size) {
  auto begin = reinterpret_cast<const std::byte *>(data);
  std::vector<std::byte> file(begin, begin + size);
  ContainerHeader header;
  if (file.size() < sizeof(header))
    return file;
  std::memcpy(&header, file.data(), sizeof(header));
  header.version = kPlanVersion;
  if (header.fileSize <= 1 << 16)
    file.resize(std::max<size_t>(file.size(), header.fileSize));
  if (header.hashedSize >= sizeof(header) && header.hashedSize <= file.size())
    header.hash = hashArtifact(header, file);
  std::memcpy(file.data(), &header, sizeof(header));
  return file;
}

static void useText(const fb::Plan &plan) {
  text::TokenizerSpec spec = readTokenizerSpec(*plan.tokenizer());
  const std::string source = spec.chatTemplate;
  fuzz::use(readGeneration(*plan.generation()));
  Result<text::Tokenizer> tokenizer = text::Tokenizer::create(std::move(spec));
  if (!tokenizer)
    return fuzz::checkRefusal(tokenizer.status());
  if (auto ids = tokenizer->encode("abc bad cafe 12", /*addSpecial=*/true))
    fuzz::use(tokenizer->decode(*ids, /*skipSpecial=*/true));
  Result<text::ChatTemplate> chat = text::ChatTemplate::create(source);
  if (!chat)
    return fuzz::checkRefusal(chat.status());
  fuzz::use(chat->render({{"user", "a"}}, true, "b", "c"));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::Folder folder;
  const std::vector<std::byte> bytes = repair(data, size);
  Result<const fb::Plan *> plan = verifyArtifact(bytes, "model.ingot");
  if (!plan) {
    fuzz::checkRefusal(plan.status());
    return 0;
  }
  useText(**plan);
  PlanReport report = reportOn(**plan);
  fuzz::use(asText(report));
  fuzz::use(checkMemory(report.memory, 0, 0, "model.ingot"));
  fuzz::use(checkDeviceMemory(report.memory, 0, 0, "GPU 0", "model.ingot"));
  std::string_view text(reinterpret_cast<const char *>(bytes.data()),
                        bytes.size());
  Result<PlanFile> file = PlanFile::open(folder.write("model.ingot", text));
  fuzz::check(bool(file), "an artifact that verifies and does not open");
  fuzz::use(inspectText(*file, {.steps = true}));
  fuzz::use(inspectJson(*file, {.steps = true}));
  return 0;
}
