//===- Smoke.cpp - runs a fuzz target without libFuzzer -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: FuzzTARGET CORPUS [MUTATIONS [SEED]]
// Runs the target on every file of the folder CORPUS, then on MUTATIONS (500)
// seeded changes of them, the same ones every time. The input at hand stands in
// the file FuzzTARGET.input, which is left behind where one ends the process.
//
//===----------------------------------------------------------------------===//

#include "test/fuzz/Fuzz.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <random>
#include <vector>

using namespace ingot;

namespace {

class Mutator {
public:
  explicit Mutator(uint32_t seed) : random(seed) {}

  /// One of `corpus` with one to four changes.
  std::string next(const std::vector<std::string> &corpus) {
    std::string bytes = corpus[below(corpus.size())];
    for (size_t changes = 1 + below(4); changes > 0; --changes)
      change(bytes, corpus);
    return bytes;
  }

private:
  /// Not a distribution of the library's: those differ between libraries.
  size_t below(size_t count) { return count == 0 ? 0 : random() % count; }

  std::string_view part(const std::string &bytes) {
    size_t begin = below(bytes.size());
    return std::string_view(bytes).substr(begin, 1 + below(64));
  }

  void change(std::string &bytes, const std::vector<std::string> &corpus) {
    // Numbers at which counts and sizes of every width end.
    static constexpr uint64_t kNumbers[] = {
        0,          1,          0x7f,      0xff,       0x7fff,
        0x7fffffff, 0x80000000, ~0u,       1ull << 32, 1ull << 62,
        ~0ull >> 1, 1ull << 63, ~0ull - 7, ~0ull};
    size_t at = below(bytes.size());
    switch (below(6)) {
    case 0:
      bytes.resize(at);
      return;
    case 1:
      if (!bytes.empty())
        bytes[at] = char(bytes[at] ^ (1 << below(8)));
      return;
    case 2:
      bytes.insert(at, std::string(part(bytes)));
      return;
    case 3:
      bytes.insert(at, part(corpus[below(corpus.size())]));
      return;
    case 4:
      bytes.erase(at, 1 + below(64));
      return;
    default:
      uint64_t number = kNumbers[below(std::size(kNumbers))];
      if (below(2)) { // as it stands in text
        bytes.insert(at, std::to_string(number));
        return;
      }
      size_t width = std::min<size_t>(1u << below(4), bytes.size() - at);
      bytes.replace(at, width, reinterpret_cast<const char *>(&number), width);
    }
  }

  std::mt19937 random;
};

/// The files of `folder`, by name.
std::vector<std::string> readCorpus(const std::string &folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto &entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const auto &path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file),
                        std::istreambuf_iterator<char>());
  }
  return corpus;
}

void run(const std::string &bytes, const std::string &record) {
  std::ofstream(record, std::ios::binary) << bytes;
  // A copy of just this size, so that a sanitizer sees reads behind its end.
  std::vector<uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

} // namespace

int main(int argc, char **argv) {
  fuzz::check(argc >= 2, "expects a folder of inputs");
  std::vector<std::string> corpus = readCorpus(argv[1]);
  fuzz::check(!corpus.empty(), "expects inputs in the folder");
  const std::string record =
      std::filesystem::path(argv[0]).filename().string() + ".input";
  for (const std::string &bytes : corpus)
    run(bytes, record);
  size_t mutations = argc > 2 ? std::stoul(argv[2]) : 500;
  Mutator mutator(argc > 3 ? uint32_t(std::stoul(argv[3])) : 1);
  for (size_t i = 0; i < mutations; ++i)
    run(mutator.next(corpus), record);
  std::filesystem::remove(record);
  std::printf("%zu inputs and %zu mutations\n", corpus.size(), mutations);
}
