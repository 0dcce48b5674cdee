//===- FusedRowsTest.cpp - rows of several kernels in one launch ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What passes/Lower/FuseLaunches.cpp asks the catalogue of a GPU for: the bits
// are those of launches apart.
//
//===----------------------------------------------------------------------===//

#include "EmulatedTarget.h"
#include "KernelHarness.h"
#include "compiler/kernels/CudaCatalogue.h"
#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;

namespace ingot::test {
namespace {

/// Kernels of ops, which the catalogue can put into one.
class FusedRows : public testing::Test {
protected:
  /// The name of the op's kernel.
  std::string kernelOf(const std::string &ir) {
    context
        .loadDialect<ir::IngotDialect, plan::PlanDialect, func::FuncDialect>();
    auto module = parseSourceString<ModuleOp>(ir, ParserConfig(&context));
    EXPECT_TRUE(module) << ir;
    ir::ComputeOpInterface found;
    module->walk([&](ir::ComputeOpInterface op) { found = op; });
    auto selection = catalogue.select(found);
    EXPECT_TRUE(succeeded(selection));
    return selection->launches[0].kernel;
  }

  /// Runs tiles (0, 0) to (rows - 1, columns - 1) of a kernel.
  void run(const std::string &kernel,
           const std::vector<const void *> &addresses, int64_t rows,
           int64_t columns = 1) {
    auto object = buildEmulated(catalogue.instances());
    ASSERT_TRUE(static_cast<bool>(object))
        << llvm::toString(object.takeError());
    int file = memfd_create("kernels", MFD_CLOEXEC);
    ASSERT_EQ(write(file, object->data(), object->size()),
              static_cast<ssize_t>(object->size()));
    std::string path = "/proc/self/fd/" + std::to_string(file);
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    auto function =
        reinterpret_cast<void (*)(const uint64_t *, const int64_t *)>(
            dlsym(library, kernel.c_str()));
    ASSERT_NE(function, nullptr) << kernel;
    std::vector<uint64_t> slots;
    for (const void *address : addresses)
      slots.push_back(reinterpret_cast<uint64_t>(address));
    for (int64_t y = 0; y < columns; ++y)
      for (int64_t x = 0; x < rows; ++x) {
        int64_t tile[3] = {x, y, 0};
        function(slots.data(), tile);
      }
    dlclose(library);
    close(file);
  }

  MLIRContext context;
  compiler::CudaCatalogue catalogue{{}};
};

const char *const kEmbed =
    "func.func @f(%b: !ingot.batch, %w: tensor<5x1301xbf16>) {\n"
    "%0 = ingot.embed %b, %w : tensor<5x1301xbf16> -> tensor<?x1301xf32>\n"
    "return\n}";
const char *const kNorm =
    "func.func @f(%x: tensor<?x1301xf32>, %w: tensor<1301xf32>) {\n"
    "%0 = ingot.rms_norm %x, %w eps 1.0e-2 : tensor<?x1301xf32>, "
    "tensor<1301xf32>\nreturn\n}";
const char *const kSplit =
    "func.func @f(%x: tensor<?x1301xf32>) {\n%0:2 = ingot.split %x : "
    "tensor<?x1301xf32> -> tensor<?x1000xf32>, tensor<?x301xf32>\n"
    "return\n}";

// Values that one thread stores and others of its block read then.
TEST_F(FusedRows, HandOneOnHaveTheBitsOfLaunchesApart) {
  constexpr int64_t kSize = 1301;
  TestWeight table = randomWeight("bf16", 5, kSize, 1);
  TestWeight weight = randomWeight("f32", 1, kSize, 2);
  std::vector<int32_t> tokens = {4, 0, 3};
  Floats entry(3 * kSize), y(3 * kSize), apart(3 * kSize);
  std::string both = catalogue.inSequence(kernelOf(kEmbed), kernelOf(kNorm));
  EXPECT_EQ(both, "embed_bf16_n5_k1301_then_rms_norm_f32_k1301");
  run(both,
      {tokens.data(), table.bytes.data(), nullptr, entry.data(), entry.data(),
       weight.bytes.data(), y.data()},
      3);

  KernelHarness norm(kNorm);
  norm.operands = {{0, table.values.data()}, {1, weight.bytes.data()}};
  Floats all(5 * kSize);
  norm.results = {{0, all.data()}};
  norm.symbols = {{"T", 5}};
  norm.run();
  for (int64_t t = 0; t < 3; ++t)
    std::copy_n(&all[tokens[t] * kSize], kSize, &apart[t * kSize]);
  EXPECT_EQ(y, apart);
}

// Three strands, of which the last has the rest of the tiles.
TEST_F(FusedRows, SideBySideEachHaveATile) {
  constexpr int64_t kSize = 1301, kHead = 1000, kTail = 301;
  TestWeight weight = randomWeight("f32", 1, kSize, 2);
  Floats x = randomFloats(2 * kSize, 3), head(2 * kHead), tail(2 * kTail);
  Floats y(2 * kSize), entry(2 * kSize), apart(2 * kSize);
  TestWeight table = randomWeight("bf16", 5, kSize, 1);
  std::vector<int32_t> tokens = {4, 1};
  std::string two = catalogue.sideBySide(kernelOf(kSplit), passes::Axis::Y, 1,
                                         kernelOf(kNorm));
  std::string all =
      catalogue.sideBySide(two, passes::Axis::Y, 2, kernelOf(kEmbed));
  run(all,
      {x.data(), head.data(), tail.data(), x.data(), weight.bytes.data(),
       y.data(), tokens.data(), table.bytes.data(), nullptr, entry.data()},
      2, 3);

  KernelHarness norm(kNorm);
  norm.operands = {{0, x.data()}, {1, weight.bytes.data()}};
  norm.results = {{0, apart.data()}};
  norm.symbols = {{"T", 2}};
  norm.run();
  EXPECT_EQ(y, apart);
  for (int64_t t = 0; t < 2; ++t) {
    for (int64_t n = 0; n < kHead; ++n)
      ASSERT_EQ(head[t * kHead + n], x[t * kSize + n]);
    for (int64_t n = 0; n < kTail; ++n)
      ASSERT_EQ(tail[t * kTail + n], x[t * kSize + kHead + n]);
    for (int64_t k = 0; k < kSize; ++k)
      ASSERT_EQ(entry[t * kSize + k], table.values[tokens[t] * kSize + k]);
  }
}

} // namespace
} // namespace ingot::test
