//===- NvvmTest.cpp - MLIR to machine code of a GPU -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Nvvm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

namespace ingot::compiler {
namespace {

/// LLVM and the assembler, which these tests need.
Nvvm nvvm() {
  auto opened = Nvvm::open(NvJitLink::usualPlaces());
  if (!opened) {
    ADD_FAILURE() << llvm::toString(opened.takeError());
    abort();
  }
  return *opened;
}

llvm::Expected<CudaCode> compileText(llvm::StringRef text) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context
      .loadDialect<arith::ArithDialect, func::FuncDialect, gpu::GPUDialect,
                   LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                   NVVM::NVVMDialect, scf::SCFDialect, vector::VectorDialect>();
  auto module = parseSourceString<ModuleOp>(text, &context);
  EXPECT_TRUE(module);
  return nvvm().compile({"kernel", *module, 64}, "sm_90a");
}

CudaCode compiled(llvm::StringRef text) {
  auto code = compileText(text);
  if (code)
    return *code;
  ADD_FAILURE() << llvm::toString(code.takeError());
  return {};
}

std::string refusal(llvm::StringRef text) {
  auto code = compileText(text);
  return code ? "" : llvm::toString(code.takeError());
}

constexpr const char *kAxpy = R"(
memref.global "private" @staged : memref<64xf32, 3> = uninitialized
func.func @kernel(%x: memref<64xf32>, %y: memref<64xf32>, %last: index) {
  %thread = gpu.thread_id x
  %staged = memref.get_global @staged : memref<64xf32, 3>
  nvvm.griddepcontrol launch_dependents
  nvvm.griddepcontrol wait
  %v = memref.load %x[%thread] : memref<64xf32>
  memref.store %v, %staged[%thread] : memref<64xf32, 3>
  gpu.barrier
  %other = arith.subi %last, %thread : index
  %u = memref.load %staged[%other] : memref<64xf32, 3>
  %w = memref.load %y[%thread] : memref<64xf32>
  %product = arith.mulf %u, %v : f32
  %sum = arith.addf %product, %w : f32
  %quotient = arith.divf %sum, %v : f32
  %root = math.sqrt %quotient : f32
  memref.store %root, %y[%thread] : memref<64xf32>
  return
})";

TEST(Nvvm, GivesAssemblyMachineCodeAndWhatAThreadTakes) {
  CudaCode code = compiled(kAxpy);
  EXPECT_THAT(code.ptx, HasSubstr(".version 9.0"));
  EXPECT_THAT(code.ptx, HasSubstr(".target sm_90a"));
  EXPECT_THAT(code.ptx, HasSubstr(".visible .entry kernel("));
  EXPECT_THAT(code.ptx, HasSubstr(".maxntid 64"));
  EXPECT_THAT(code.cubin, StartsWith("\177ELF"));
  EXPECT_GT(code.registers, 4);
  EXPECT_LT(code.registers, 64);
  EXPECT_EQ(code.staticSharedBytes, 64 * 4);
}

TEST(Nvvm, PassesEachOperandInEightBytes) {
  std::string ptx = compiled(kAxpy).ptx;
  for (const char *number : {"0", "1", "2"})
    EXPECT_THAT(
        ptx, ContainsRegex(std::string("\\.param \\.u64 [^,]*kernel_param_") +
                           number));
}

TEST(Nvvm, FusesNoProductWithASum) {
  CudaCode code = compiled(kAxpy);
  EXPECT_THAT(code.ptx, Not(HasSubstr("fma")));
  // The assembler would fuse those that do not say how they round.
  EXPECT_THAT(code.ptx, HasSubstr("mul.rn.f32"));
  EXPECT_THAT(code.ptx, HasSubstr("add.rn.f32"));
}

TEST(Nvvm, FusesWhereTheTextSaysSo) {
  EXPECT_THAT(compiled(R"(
    func.func @kernel(%x: memref<3xf32>) {
      %c0 = arith.constant 0 : index
      %v = memref.load %x[%c0] : memref<3xf32>
      %w = math.fma %v, %v, %v : f32
      memref.store %w, %x[%c0] : memref<3xf32>
      return
    })")
                  .ptx,
              HasSubstr("fma.rn.f32"));
}

TEST(Nvvm, DividesAndTakesRootsAsIEEE754Says) {
  std::string ptx = compiled(kAxpy).ptx;
  EXPECT_THAT(ptx, HasSubstr("div.rn.f32"));
  EXPECT_THAT(ptx, HasSubstr("sqrt.rn.f32"));
  EXPECT_THAT(ptx, Not(HasSubstr("ftz")));
}

TEST(Nvvm, MovesNoMemoryAccessAcrossTheWait) {
  // Both loads could be one: nothing that LLVM knows of is between them.
  std::string ptx = compiled(R"(
    func.func @kernel(%x: memref<1xf32>, %y: memref<2xf32>) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      nvvm.griddepcontrol launch_dependents
      %before = memref.load %x[%c0] : memref<1xf32>
      nvvm.griddepcontrol wait
      %after = memref.load %x[%c0] : memref<1xf32>
      memref.store %before, %y[%c0] : memref<2xf32>
      memref.store %after, %y[%c1] : memref<2xf32>
      return
    })")
                        .ptx;
  EXPECT_THAT(ptx, MatchesRegex(".*griddepcontrol.launch_dependents;.*"
                                "ld.global.*griddepcontrol.wait;.*"
                                "ld.global.*st.global.*"));
}

TEST(Nvvm, AlignsSharedMemoryForTheWidestLoad) {
  std::string ptx = compiled(R"(
    memref.global "private" @shared : memref<64xf32, 3> = uninitialized
    func.func @kernel(%y: memref<4xf32>) {
      %thread = gpu.thread_id x
      %c0 = arith.constant 0 : index
      %shared = memref.get_global @shared : memref<64xf32, 3>
      %x = memref.load %y[%c0] : memref<4xf32>
      memref.store %x, %shared[%thread] : memref<64xf32, 3>
      gpu.barrier
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %c3 = arith.constant 3 : index
      %a = memref.load %shared[%c0] : memref<64xf32, 3>
      %b = memref.load %shared[%c1] : memref<64xf32, 3>
      %c = memref.load %shared[%c2] : memref<64xf32, 3>
      %d = memref.load %shared[%c3] : memref<64xf32, 3>
      %ab = arith.addf %a, %b : f32
      %cd = arith.addf %c, %d : f32
      %sum = arith.addf %ab, %cd : f32
      memref.store %sum, %y[%c0] : memref<4xf32>
      return
    })")
                        .ptx;
  EXPECT_THAT(ptx, HasSubstr("ld.shared.v4.b32"));
  EXPECT_THAT(ptx, HasSubstr(".shared .align 16 .b8 shared[256]"));
}

TEST(Nvvm, UnrollsLoopsThatAskForIt) {
  std::string ptx = compiled(R"(
    #unroll = #llvm.loop_annotation<unroll = <full = true>>
    func.func @kernel(%x: memref<1024xf32>) {
      %thread = gpu.thread_id x
      %c0 = arith.constant 0 : index
      %c64 = arith.constant 64 : index
      %c1024 = arith.constant 1024 : index
      scf.for %i = %c0 to %c1024 step %c64 {
        %at = arith.addi %i, %thread : index
        %v = memref.load %x[%at] : memref<1024xf32>
        %w = arith.addf %v, %v : f32
        memref.store %w, %x[%at] : memref<1024xf32>
      } {llvm.loop_annotation = #unroll}
      return
    })")
                        .ptx;
  EXPECT_THAT(ptx, Not(HasSubstr("bra")));
  EXPECT_THAT(ptx, HasSubstr("+3840]"));
}

TEST(Nvvm, GivesEqualBytesForEqualTexts) {
  CudaCode first = compiled(kAxpy), second = compiled(kAxpy);
  EXPECT_EQ(first.ptx, second.ptx);
  EXPECT_EQ(first.cubin, second.cubin);
}

TEST(Nvvm, RefusesWhatDoesNotLower) {
  EXPECT_EQ(refusal(R"(
    func.func @kernel(%x: memref<1xf32>) {
      %c0 = arith.constant 0 : index
      %v = memref.load %x[%c0] : memref<1xf32>
      %sum = gpu.all_reduce add %v uniform {} : (f32) -> (f32)
      memref.store %sum, %x[%c0] : memref<1xf32>
      return
    })"),
            "kernel 'kernel' does not lower to the llvm dialect");
}

TEST(Nvvm, RefusesAStack) {
  EXPECT_THAT(refusal(R"(
    func.func @kernel(%x: memref<64xi32>, %n: index) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c64 = arith.constant 64 : index
      %values = memref.alloca() : memref<64xi32>
      scf.for %i = %c0 to %c64 step %c1 {
        %v = memref.load %x[%i] : memref<64xi32>
        %at = arith.index_cast %v : i32 to index
        memref.store %v, %values[%at] : memref<64xi32>
      }
      %v = memref.load %values[%n] : memref<64xi32>
      memref.store %v, %x[%c0] : memref<64xi32>
      return
    })"),
              StartsWith("kernel 'kernel' needs local memory: a stack of 256 "
                         "bytes, 0 bytes of spilled registers"));
}

TEST(Nvvm, SaysWhatToInstallWhereTheAssemblerIsMissing) {
  auto opened = Nvvm::open({"/nowhere/libnvJitLink.so.13"});
  ASSERT_FALSE(static_cast<bool>(opened));
  EXPECT_EQ(llvm::toString(opened.takeError()),
            "expects NVIDIA's assembler, version 13, as "
            "/nowhere/libnvJitLink.so.13: install nvjitlink of CUDA 13.0, or "
            "unpack the Python package nvidia-nvjitlink 13.0 there");
}

TEST(NvJitLink, RefusesWhatDoesNotAssembleWithTheAssemblersWords) {
  auto assembler = NvJitLink::open(NvJitLink::usualPlaces());
  ASSERT_TRUE(static_cast<bool>(assembler));
  auto code = assembler->assemble("kernel",
                                  ".version 9.0\n.target sm_90a\n"
                                  ".address_size 64\n"
                                  ".visible .entry kernel() { no.such; }\n",
                                  "sm_90a");
  ASSERT_FALSE(static_cast<bool>(code));
  EXPECT_THAT(llvm::toString(code.takeError()),
              testing::AllOf(StartsWith("kernel 'kernel' does not assemble: "),
                             HasSubstr("kernel.ptx")));
}

} // namespace
} // namespace ingot::compiler
