//===- Fuzz.h - what fuzz targets share -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fuzz target feeds any bytes to one reader of files. Whatever they are, it
// returns: the reader refuses them with a message, or they can be used. With
// INGOT_FUZZ a target is linked to libFuzzer, else to Smoke.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_FUZZ_FUZZ_H
#define INGOT_TEST_FUZZ_FUZZ_H

#include "ingot/Status.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

/// Runs the target once; the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace ingot::fuzz {

/// Ends the process: what holds for every input does not hold for this one.
inline void check(bool holds, std::string_view what) {
  if (holds)
    return;
  std::cerr << "fuzz: " << what << "\n";
  std::abort();
}

/// A refusal has a message of one line that can be printed.
inline void checkRefusal(const Status &status) {
  check(!status.message().empty(), "a refusal without a message");
  for (unsigned char byte : status.message())
    check(byte >= 0x20 && byte != 0x7f,
          "a control character in the message: " + status.message());
}

/// Hides `value` from the optimizer, which would leave out what computes it.
template <typename T>
void use(const T &value) {
  asm volatile("" : : "g"(&value) : "memory");
}

/// A folder for readers that want paths; it is removed when the process ends.
class Folder {
public:
  Folder() {
    root = std::filesystem::temp_directory_path() / "ingot-fuzz-XXXXXX";
    check(mkdtemp(root.data()), "no folder " + root);
  }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;
  ~Folder() { std::filesystem::remove_all(root); }

  const std::string &path() const { return root; }

  /// Writes a file and returns its path.
  std::string write(const std::string &name, std::string_view content) const {
    std::string file = root + "/" + name;
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

  void remove(const std::string &name) const {
    std::filesystem::remove(root + "/" + name);
  }

private:
  std::string root;
};

} // namespace ingot::fuzz

#endif // INGOT_TEST_FUZZ_FUZZ_H
