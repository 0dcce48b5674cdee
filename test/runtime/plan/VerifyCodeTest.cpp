//===- VerifyCodeTest.cpp - machine code that cannot be run ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/BrokenPlan.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::test;

namespace {

class VerifyCode : public BrokenPlan {};

TEST_F(VerifyCode, UnknownKindOfModule) {
  plan.modules[0]->kind = fb::ModuleKind(3);
  expectRefused("module 0 expects kind 0 (host object) on target 'cpu', got 3");
}

TEST_F(VerifyCode, KernelOfNoModule) {
  plan.kernels[1]->module_ = 1;
  expectRefused("kernel 'sample_embed_draft' expects one of 1 modules, got 1");
}

TEST_F(VerifyCode, KernelTwice) {
  repeat(plan.kernels, 0);
  expectRefused(
      "kernel expects names that are unique, got 'sample_embed' twice");
}

TEST_F(VerifyCode, EmptyName) {
  plan.kernels[0]->name = "";
  expectRefused("kernel expects a name, got ''");
}

TEST_F(VerifyCode, NameWithATerminator) {
  plan.kernels[0]->name = std::string("a\0b", 3);
  expectRefused("kernel expects a name, got 'a\\x00b'");
}

TEST_F(VerifyCode, HostCodeWithAnArchitecture) {
  plan.modules[0]->arch = "sm_90a";
  expectRefused("module 0 expects no architecture on target 'cpu', got "
                "'sm_90a'");
}

TEST_F(VerifyCode, HostFunctionWithResources) {
  plan.kernels[0]->resources = std::make_unique<fb::Resources>();
  expectRefused("kernel 'sample_embed' expects no resources on target 'cpu', "
                "got some");
}

/// The sample plan as if its code were a GPU's.
class VerifyGpuCode : public BrokenPlan {
protected:
  VerifyGpuCode() { moveToGpu(plan); }

  struct Taken {
    uint32_t block = 32, shared = 0, staticShared = 0, registers = 24,
             local = 0;
  };
  void expectRefusedWith(Taken taken, const std::string &message) {
    *plan.kernels[0]->resources =
        fb::Resources(taken.block, taken.shared, taken.staticShared,
                      taken.registers, taken.local, false);
    expectRefused("kernel 'sample_embed' expects " + message);
  }
};

TEST_F(VerifyGpuCode, OfTheTargetIsAccepted) {
  auto file = PlanFile::open(writeSampleArtifact(folder.path(), plan));
  EXPECT_TRUE(file) << file.status().message();
}

TEST_F(VerifyGpuCode, HostObject) {
  plan.modules[0]->kind = fb::ModuleKind::HostObject;
  expectRefused("module 0 expects kind 1 (cubin) or 2 (ptx) on target "
                "'sm_90a', got 0");
}

TEST_F(VerifyGpuCode, NoArchitecture) {
  plan.modules[0]->arch = "";
  expectRefused("module 0 expects an architecture such as 'sm_90a', got ''");
}

TEST_F(VerifyGpuCode, ArchitectureThatIsNone) {
  for (const char *arch :
       {"sm_", "sm_9", "sm_9000", "sm_90x", "SM_90", "90a"}) {
    plan.modules[0]->arch = arch;
    expectRefused("module 0 expects an architecture such as 'sm_90a', got '" +
                  std::string(arch) + "'");
  }
}

TEST_F(VerifyGpuCode, ArchitectureOfAnotherTarget) {
  plan.modules[0]->arch = "sm_100a";
  expectRefused("module 0 expects the architecture of target 'sm_90a', got "
                "'sm_100a'");
}

TEST_F(VerifyGpuCode, TargetThatIsNoArchitecture) {
  plan.target->name = "abacus";
  expectRefused("module 0 expects the architecture of target 'abacus', got "
                "'sm_90a'");
}

TEST_F(VerifyGpuCode, SourceThatDoesNotExist) {
  plan.modules[0]->source = 2;
  expectRefused("module 0 source expects one of 2 modules, got 2");
}

TEST_F(VerifyGpuCode, SourceThatIsMachineCode) {
  plan.modules[0]->source = 0;
  expectRefused("module 0 expects a source of kind 2 (ptx), got 1");
}

TEST_F(VerifyGpuCode, SourceOfASource) {
  plan.modules[1]->source = 1;
  expectRefused("module 1 expects a source of -1, as it is no cubin, got 1");
}

TEST_F(VerifyGpuCode, FunctionInAssemblyText) {
  plan.kernels[0]->module_ = 1;
  expectRefused("kernel 'sample_embed' expects a module of machine code, got "
                "ptx");
}

TEST_F(VerifyGpuCode, FunctionWithoutResources) {
  plan.kernels[0]->resources = nullptr;
  expectRefused("kernel 'sample_embed' expects resources on target 'sm_90a', "
                "got none");
}

TEST_F(VerifyGpuCode, BlockOfNoThread) {
  expectRefusedWith({.block = 0}, "a block of 1 to 1024, got 0");
}

TEST_F(VerifyGpuCode, BlockOfTooManyThreads) {
  expectRefusedWith({.block = 1025}, "a block of 1 to 1024, got 1025");
}

TEST_F(VerifyGpuCode, SharedMemoryBeyondAMultiprocessors) {
  expectRefusedWith({.shared = 227 << 10, .staticShared = 1},
                    "shared memory of 0 to 232448, got 232449");
}

TEST_F(VerifyGpuCode, SharedMemoryThatOverflows) {
  expectRefusedWith({.shared = 0xffffffff, .staticShared = 2},
                    "shared memory of 0 to 232448, got 4294967297");
}

TEST_F(VerifyGpuCode, TooMuchStaticSharedMemory) {
  expectRefusedWith({.staticShared = 49153},
                    "static_shared_bytes of 0 to 49152, got 49153");
}

TEST_F(VerifyGpuCode, MoreRegistersThanAThreadHas) {
  expectRefusedWith({.registers = 256}, "registers of 0 to 255, got 256");
}

TEST_F(VerifyGpuCode, MoreRegistersThanABlockHas) {
  expectRefusedWith({.block = 512, .registers = 129},
                    "registers of a block of 0 to 65536, got 66048");
}

TEST_F(VerifyGpuCode, MoreLocalMemoryThanAThreadHas) {
  expectRefusedWith({.local = (512 << 10) + 1},
                    "local_bytes of 0 to 524288, got 524289");
}

TEST_F(VerifyGpuCode, MoreArgumentsThanADriverPasses) {
  auto &args = plan.entries[0]->steps[0]->args;
  args.resize(513, args[0]);
  expectRefused("entry 'prefill' launch 'embed' expects arguments of 0 to 512, "
                "got 513");
}

TEST_F(VerifyGpuCode, MorePackArgumentsThanADriverPasses) {
  packSampleWeights(plan);
  plan.kernels.back()->resources =
      std::make_unique<fb::Resources>(*plan.kernels[0]->resources);
  auto &args = plan.pack[0]->args;
  args.resize(513, args[0]);
  expectRefused("pack launch 'bias.doubled' expects arguments of 0 to 512, got "
                "513");
}

TEST_F(VerifyGpuCode, GridHigherThanTheHardwareCounts) {
  plan.entries[0]->steps[0]->grid[1] = fb::Expr(-1, 0, 65536, 1);
  expectRefused("entry 'prefill' launch 'embed' expects a grid of 0 to 65535 "
                "tiles, got a size of 0 * 0 + 65536");
}

TEST_F(VerifyGpuCode, PackGridDeeperThanTheHardwareCounts) {
  packSampleWeights(plan);
  plan.kernels.back()->resources =
      std::make_unique<fb::Resources>(*plan.kernels[0]->resources);
  plan.pack[0]->grid[2] = fb::Expr(-1, 0, 65536, 1);
  expectRefused("pack launch 'bias.doubled' expects a grid of 0 to 65535 "
                "tiles, got a size of 65536");
}

} // namespace
