//===- TempFolder.h - A folder that lives as long as a test -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tests that need files: a fresh folder, removed with all it holds.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_STORAGE_TEMPFOLDER_H
#define INGOT_TEST_STORAGE_TEMPFOLDER_H

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace ingot::storage::test {

/// Owns the folder.
class TempFolder {
public:
  TempFolder() {
    root = std::filesystem::temp_directory_path() / "ingot-test-XXXXXX";
    if (!mkdtemp(root.data()))
      ADD_FAILURE() << "no folder " << root;
  }
  TempFolder(const TempFolder &) = delete;
  TempFolder &operator=(const TempFolder &) = delete;
  ~TempFolder() { std::filesystem::remove_all(root); }

  const std::string &path() const { return root; }
  std::string path(std::string_view name) const {
    return root + "/" + std::string(name);
  }

  /// Writes a file and returns its path. Folders in `name` are made.
  std::string write(std::string_view name, std::string_view content) const {
    std::filesystem::path file = path(name);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

  std::string read(std::string_view name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// Number of entries in the folder itself.
  size_t size() const {
    namespace fs = std::filesystem;
    return std::distance(fs::directory_iterator(root),
                         fs::directory_iterator());
  }

private:
  std::string root;
};

/// `header` with its length in front and `data` behind: a safetensors file.
inline std::string safeTensorsFile(std::string_view header,
                                   std::string_view data) {
  std::string file(8, '\0');
  for (size_t i = 0; i < file.size(); ++i)
    file[i] = static_cast<char>(uint64_t(header.size()) >> (8 * i));
  return file.append(header).append(data);
}

} // namespace ingot::storage::test

#endif // INGOT_TEST_STORAGE_TEMPFOLDER_H
