//===- CheckpointTest.cpp - Index and shards must tell the same story -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Checkpoint.h"

#include "test/runtime/storage/TempFolder.h"

using namespace ingot;
using namespace ingot::storage;
using ingot::storage::test::safeTensorsFile;
using ingot::storage::test::TempFolder;

/// A file with one tensor, of one byte.
static std::string shard(const std::string &tensor, char byte) {
  return safeTensorsFile(
      "{\"" + tensor +
          R"(": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}})",
      std::string(1, byte));
}

/// A checkpoint with tensor a in s1 and b in s2, under the given index.
class TwoShards {
public:
  explicit TwoShards(const std::string &map =
                         R"("a": "s1.safetensors", "b": "s2.safetensors")") {
    folder.write("s1.safetensors", shard("a", '1'));
    folder.write("s2.safetensors", shard("b", '2'));
    folder.write("model.safetensors.index.json",
                 R"({"metadata": {}, "weight_map": {)" + map + "}}");
  }

  /// The message, with the folder's name taken out.
  std::string error() const {
    auto opened = Checkpoint::open(folder.path());
    if (opened)
      return "no error";
    std::string message = opened.status().message();
    if (size_t at = message.find(folder.path()); at != message.npos)
      message.replace(at, folder.path().size(), "DIR");
    return message;
  }

  TempFolder folder;
};

TEST(Checkpoint, SingleFile) {
  auto checkpoint = Checkpoint::open(INGOT_TEST_MODELS "/deepseek-v3-tiny");
  ASSERT_TRUE(checkpoint) << checkpoint.status().message();
  ASSERT_EQ(checkpoint->files().size(), 1u);
  EXPECT_EQ(checkpoint->files()[0].name, "model.safetensors");
  const CheckpointTensor *tensor = checkpoint->find("model.norm.weight");
  ASSERT_NE(tensor, nullptr);
  EXPECT_EQ(checkpoint->data(*tensor).size(), tensor->info.bytes);
  EXPECT_EQ(checkpoint->find("model.norm.weight2"), nullptr);
}

TEST(Checkpoint, ShardsFormOneSetOfTensors) {
  TwoShards shards;
  auto checkpoint = Checkpoint::open(shards.folder.path());
  ASSERT_TRUE(checkpoint) << checkpoint.status().message();
  ASSERT_EQ(checkpoint->tensors().size(), 2u);
  EXPECT_EQ(checkpoint->tensors()[0].info.name, "a");
  const CheckpointTensor *b = checkpoint->find("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(checkpoint->files()[b->file].name, "s2.safetensors");
  EXPECT_NE(checkpoint->files()[b->file].headerHash, 0u);
  EXPECT_EQ(checkpoint->data(*b)[0], std::byte('2'));
}

TEST(Checkpoint, SingleFileWinsOverAnIndex) {
  TwoShards shards;
  shards.folder.write("model.safetensors", shard("c", '3'));
  auto checkpoint = Checkpoint::open(shards.folder.path());
  ASSERT_TRUE(checkpoint);
  EXPECT_NE(checkpoint->find("c"), nullptr);
  EXPECT_EQ(checkpoint->find("a"), nullptr);
}

TEST(Checkpoint, FolderWithoutCheckpoint) {
  TempFolder folder;
  auto checkpoint = Checkpoint::open(folder.path());
  ASSERT_FALSE(checkpoint);
  EXPECT_EQ(checkpoint.status().code(), StatusCode::NotFound);
  EXPECT_EQ(checkpoint.status().message(),
            "'" + folder.path() +
                "' expects model.safetensors or model.safetensors.index.json, "
                "got neither");
}

TEST(Checkpoint, IndexWithoutMap) {
  TwoShards shards;
  const std::string expected =
      "DIR/model.safetensors.index.json: expects an object weight_map, got ";
  shards.folder.write("model.safetensors.index.json", "[]");
  EXPECT_EQ(shards.error(), expected + "none");
  shards.folder.write("model.safetensors.index.json", R"({"weight_map": 3})");
  EXPECT_EQ(shards.error(), expected + "number 3");
}

TEST(Checkpoint, FilesOutsideTheFolderAreRefused) {
  auto error = [](const std::string &file) {
    return TwoShards(R"("a": )" + file).error();
  };
  const std::string expected =
      "DIR/model.safetensors.index.json: tensor 'a' expects a file inside the "
      "checkpoint, got ";
  EXPECT_EQ(error(R"("../s1.safetensors")"),
            expected + "string '../s1.safetensors'");
  EXPECT_EQ(error(R"("x/../../s1")"), expected + "string 'x/../../s1'");
  EXPECT_EQ(error(R"("/etc/passwd")"), expected + "string '/etc/passwd'");
  EXPECT_EQ(error(R"("s1.safetensors\u0000x")"),
            expected + "string 's1.safetensors\\x00x'");
  EXPECT_EQ(error(R"("")"), expected + "string ''");
  EXPECT_EQ(error("1"), expected + "number 1");
}

TEST(Checkpoint, MissingShard) {
  TwoShards shards;
  std::filesystem::remove(shards.folder.path("s2.safetensors"));
  EXPECT_EQ(shards.error(),
            "cannot open 'DIR/s2.safetensors': No such file or directory");
}

TEST(Checkpoint, DamagedShardIsNamed) {
  TwoShards shards;
  shards.folder.write("s2.safetensors", "short");
  EXPECT_EQ(shards.error(),
            "DIR/s2.safetensors: expects at least 8 bytes, got 5");
}

TEST(Checkpoint, TensorInNoShard) {
  EXPECT_EQ(TwoShards(R"("a": "s1.safetensors", "b": "s2.safetensors",
                         "c": "s2.safetensors")")
                .error(),
            "DIR: tensor 'c' expects to be in 's2.safetensors', got none");
}

TEST(Checkpoint, TensorInAnotherShard) {
  EXPECT_EQ(
      TwoShards(R"("a": "s2.safetensors", "b": "s1.safetensors")").error(),
      "DIR: tensor 'a' expects to be in 's2.safetensors', got "
      "'s1.safetensors'");
}

TEST(Checkpoint, TensorThatTheIndexDoesNotName) {
  TwoShards shards;
  shards.folder.write(
      "s2.safetensors",
      safeTensorsFile(
          R"({"b": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},
              "extra": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}})",
          "xy"));
  EXPECT_EQ(shards.error(),
            "DIR: tensor 'extra' of 's2.safetensors' is not in the index");
}

TEST(Checkpoint, TensorInTwoShards) {
  TwoShards shards;
  shards.folder.write("s2.safetensors", shard("a", '2'));
  std::string error = shards.error();
  EXPECT_EQ(error, "DIR: tensor 'a' lies both in 's1.safetensors' and in "
                   "'s2.safetensors'");
}
