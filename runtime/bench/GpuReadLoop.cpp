//===- GpuReadLoop.cpp - how fast a GPU's memory can be read --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/GpuReadLoop.h"

#include <algorithm>

namespace ingot {

namespace {

constexpr uint32_t kThreads = 256, kBlocksOfAMultiprocessor = 8;
/// Loads that a thread has in flight, of 16 bytes each.
constexpr uint32_t kLoads = 8;
constexpr uint64_t kThreadBytes = kLoads * 16;
/// Most bytes that are read at a time.
constexpr uint64_t kPiece = uint64_t(4) << 30;

/// void read_words(const void *words, i64 rounds, void *sink): in each round a
/// thread reads kThreadBytes. It writes to `sink` what nobody knows in advance,
/// if the sum is a number that it hardly is; so no load can be left out.
std::string readKernel() {
  std::string text = R"(
.version 7.8
.target sm_80
.address_size 64
.visible .entry read_words(.param .u64 words, .param .u64 rounds, .param .u64 sink)
{
  .reg .pred %done, %hit;
  .reg .b32 %index, %block, %threads, %blocks, %sum, %value<32>;
  .reg .b64 %at, %left, %out, %stride, %offset;
  ld.param.u64 %at, [words];
  ld.param.u64 %left, [rounds];
  ld.param.u64 %out, [sink];
  cvta.to.global.u64 %at, %at;
  cvta.to.global.u64 %out, %out;
  mov.u32 %index, %tid.x;
  mov.u32 %block, %ctaid.x;
  mov.u32 %threads, %ntid.x;
  mov.u32 %blocks, %nctaid.x;
  mad.lo.u32 %index, %block, %threads, %index;
  mul.lo.u32 %blocks, %blocks, %threads;
  mul.wide.u32 %offset, %index, 16;
  mul.wide.u32 %stride, %blocks, 16;
  add.u64 %at, %at, %offset;
  mov.u32 %sum, 0;
ROUND:
  setp.eq.u64 %done, %left, 0;
  @%done bra DONE;
)";
  auto value = [](uint32_t i) { return "%value" + std::to_string(i); };
  for (uint32_t load = 0; load < kLoads; ++load)
    text += "  ld.global.nc.L1::no_allocate.v4.u32 {" + value(4 * load) + ", " +
            value(4 * load + 1) + ", " + value(4 * load + 2) + ", " +
            value(4 * load + 3) + "}, [%at];\n  add.u64 %at, %at, %stride;\n";
  for (uint32_t i = 0; i < 4 * kLoads; ++i)
    text += "  xor.b32 %sum, %sum, " + value(i) + ";\n";
  return text + R"(  sub.u64 %left, %left, 1;
  bra ROUND;
DONE:
  setp.eq.u32 %hit, %sum, 0x9e3779b9;
  @%hit st.global.u32 [%out], %sum;
  ret;
}
)";
}

} // namespace

Result<std::unique_ptr<Yardstick>>
GpuReadLoop::create(Device &device, const std::byte *begin, uint64_t bytes) {
  std::unique_ptr<GpuReadLoop> loop(new GpuReadLoop);
  loop->begin = begin;
  loop->size = bytes;
  if (bytes < kMinReadBytes) {
    auto memory = device.allocate(kMinReadBytes, "a loop that only reads");
    if (!memory)
      return memory.status();
    loop->memory = std::move(*memory);
    loop->begin = loop->memory.data();
    loop->size = kMinReadBytes;
  }
  auto sink = device.allocate(4, "a loop that only reads");
  if (!sink)
    return sink.status();
  loop->sink = std::move(*sink);
  loop->blocks = kBlocksOfAMultiprocessor *
                 uint32_t(std::max(1, device.info().multiprocessors));
  // The driver reads text up to its terminator, which a string has.
  const std::string text = readKernel();
  const CodeImage image{std::as_bytes(std::span(text)), "the loop that reads"};
  const KernelRequest kernel{0, "read_words", kThreads, 0, false, 3};
  auto code = device.loadCode({&image, 1}, {&kernel, 1});
  if (!code)
    return code.status();
  loop->code = std::move(*code);
  auto queue = device.createQueue({});
  if (!queue)
    return queue.status();
  loop->queue = std::move(*queue);
  return std::unique_ptr<Yardstick>(std::move(loop));
}

Result<double> GpuReadLoop::readOn() {
  const uint64_t round = uint64_t(blocks) * kThreads * kThreadBytes;
  if (size - next < std::min(size, kPiece))
    next = 0;
  const uint64_t rounds = std::min(kPiece, size - next) / round;
  const uint64_t args[] = {uint64_t(reinterpret_cast<uintptr_t>(begin + next)),
                           rounds,
                           uint64_t(reinterpret_cast<uintptr_t>(sink.data()))};
  next += rounds * round;
  double seconds = 0;
  DeviceStep step;
  step.name = "the loop that reads";
  step.launches.push_back({&code.kernels[0],
                           {blocks, 1, 1},
                           args,
                           "the loop that reads",
                           "read_words"});
  StepHooks hooks;
  hooks.timed = [&](size_t, double taken) { seconds = taken; };
  if (Status status = queue->run(step, hooks); !status.ok())
    return status;
  return double(rounds * round) / seconds;
}

} // namespace ingot
