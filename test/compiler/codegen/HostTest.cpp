//===- HostTest.cpp - targets and shared objects --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Host.h"
#include "compiler/codegen/Link.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Object/ELFObjectFile.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

namespace ingot::compiler {
namespace {

TEST(HostTarget, RefusesAnUnknownName) {
  auto target = resolveHostTarget("pentium");
  ASSERT_FALSE(static_cast<bool>(target));
  EXPECT_EQ(llvm::toString(target.takeError()),
            "cpu expects 'native', 'x86-64-v3' or 'x86-64-v4', got 'pentium'");
}

TEST(HostTarget, Version3KnowsNoAvx512) {
  HostTarget target = llvm::cantFail(resolveHostTarget("x86-64-v3"));
  EXPECT_EQ(target.cpu, "x86-64-v3");
  EXPECT_THAT(target.required, Contains("f16c"));
  EXPECT_THAT(target.required, Not(Contains("avx512f")));
  EXPECT_EQ(target.lanes, 8);
}

TEST(HostTarget, Version4RequiresWhatCpuinfoCallsIt) {
  HostTarget target = llvm::cantFail(resolveHostTarget("x86-64-v4"));
  for (const char *feature : {"avx2", "fma", "f16c", "abm", "avx512f",
                              "avx512bw", "avx512vl", "avx512dq"})
    EXPECT_THAT(target.required, Contains(feature));
  EXPECT_EQ(target.lanes, 16);
}

TEST(HostTarget, NativeIsAtLeastVersion3) {
  HostTarget native = llvm::cantFail(resolveHostTarget("native"));
  HostTarget v3 = llvm::cantFail(resolveHostTarget("x86-64-v3"));
  for (const std::string &feature : v3.required)
    EXPECT_THAT(native.required, Contains(feature));
}

/// A module with the exported function @visible and a private one.
constexpr const char *kModule = R"mlir(
func.func private @hidden(%x: f32) -> f32 {
  %y = math.sqrt %x : f32
  return %y : f32
}
func.func @visible(%x: f32) -> f32 {
  %y = func.call @hidden(%x) : (f32) -> f32
  return %y : f32
}
)mlir";

std::string compile(const char *text) {
  MLIRContext context;
  context.loadDialect<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect,
                      math::MathDialect, scf::SCFDialect>();
  auto module = parseSourceString<ModuleOp>(text, ParserConfig(&context));
  HostTarget target = llvm::cantFail(resolveHostTarget("x86-64-v3"));
  auto object = compileSharedObject(*module, target);
  return object ? *object : "failed: " + llvm::toString(object.takeError());
}

/// Names in the dynamic symbol table: "defined" ones, and others with a "?".
std::vector<std::string> dynamicSymbols(const std::string &object) {
  std::vector<std::string> names;
  auto file = llvm::cantFail(llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(object, "kernels")));
  auto *elf = llvm::cast<llvm::object::ELFObjectFileBase>(file.get());
  for (llvm::object::ELFSymbolRef symbol : elf->getDynamicSymbolIterators()) {
    bool undefined = llvm::cantFail(symbol.getFlags()) &
                     llvm::object::SymbolRef::SF_Undefined;
    names.push_back((undefined ? "?" : "") +
                    llvm::cantFail(symbol.getName()).str());
  }
  return names;
}

TEST(CompileSharedObject, ExportsPublicFunctionsAndNeedsNothing) {
  EXPECT_THAT(dynamicSymbols(compile(kModule)),
              testing::ElementsAre("visible"));
}

TEST(CompileSharedObject, GivesEqualBytesForEqualModules) {
  EXPECT_EQ(compile(kModule), compile(kModule));
}

/// A loop that LLVM would not unroll by itself, with what the loop says of it.
std::string thousandRoots(const std::string &annotation) {
  return compile(("func.func @f(%x: f32) -> f32 {\n"
                  "%begin = arith.constant 0 : index\n"
                  "%end = arith.constant 1000 : index\n"
                  "%step = arith.constant 1 : index\n"
                  "%y = scf.for %i = %begin to %end step %step "
                  "iter_args(%sum = %x) -> f32 {\n"
                  "%next = math.sqrt %sum : f32\n"
                  "scf.yield %next : f32\n} " +
                  annotation + "\nreturn %y : f32\n}")
                     .c_str());
}

TEST(CompileSharedObject, UnrollsALoopThatSaysSo) {
  std::string unrolled = thousandRoots("{llvm.loop_annotation = "
                                       "#llvm.loop_annotation<unroll = <full = "
                                       "true>>}");
  // Each square root is an instruction of four bytes.
  EXPECT_GT(unrolled.size(), thousandRoots("").size() + 3000);
}

TEST(CompileSharedObject, RefusesACallOutOfTheObject) {
  // math.sin has no instruction: it becomes a call of libm.
  EXPECT_THAT(
      compile("func.func @f(%x: f32) -> f32 {\n%y = math.sin %x : f32\n"
              "return %y : f32\n}"),
      HasSubstr("cannot link kernels: ld.lld: error: undefined symbol"));
}

TEST(LinkSharedObject, SaysWhatTheLinkerSays) {
  auto object = linkSharedObject("no object");
  ASSERT_FALSE(static_cast<bool>(object));
  EXPECT_THAT(llvm::toString(object.takeError()),
              HasSubstr("cannot link kernels: "));
}

} // namespace
} // namespace ingot::compiler
