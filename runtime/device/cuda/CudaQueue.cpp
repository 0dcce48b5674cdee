//===- CudaQueue.cpp - steps on a stream of a GPU -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/CudaQueue.h"
#include "runtime/device/Stopwatch.h"
#include "runtime/storage/Messages.h"

#include <algorithm>

namespace ingot::cuda {

namespace {

/// Most arguments of a launch, as verification has it.
constexpr size_t kMaxArguments = 512;

/// A GPU says late, and not of which launch, that something failed.
constexpr const char *kHowToFind =
    " (--check-launches finds the launch that failed)";

/// "entry 'decode' of 1 tokens, launch 17 'layers.1.mlp' of 'add_n256'".
std::string describe(const DeviceStep &step, size_t index) {
  const DeviceLaunch &launch = step.launches[index];
  return step.name + ", launch " + std::to_string(index) + " " +
         storage::quote(launch.name) + " of " +
         storage::quote(launch.kernelName);
}

std::string describeSizes(const DeviceLaunch &launch) {
  std::string text = " with a grid of ";
  for (size_t i = 0; i < launch.grid.size(); ++i)
    text += (i ? " x " : "") + std::to_string(launch.grid[i]);
  return text + ", blocks of " + std::to_string(launch.kernel->block) +
         " and " + std::to_string(launch.kernel->sharedBytes) +
         " bytes of shared memory";
}

/// Events that go with the object.
class Events {
public:
  Events(const Api &api) : api(api) {}
  ~Events() {
    for (Event event : events)
      api.cuEventDestroy(event);
  }
  Events(const Events &) = delete;
  Events &operator=(const Events &) = delete;

  Error create(size_t count) {
    Error error = kSuccess;
    while (events.size() < count && error == kSuccess) {
      Event event = nullptr;
      error = api.cuEventCreate(&event, kEventDefault);
      if (error == kSuccess)
        events.push_back(event);
    }
    return error;
  }
  Event operator[](size_t index) const { return events[index]; }

private:
  const Api &api;
  std::vector<Event> events;
};

} // namespace

Result<std::unique_ptr<DeviceQueue>>
CudaQueue::create(std::shared_ptr<const GpuContext> context,
                  bool checkLaunches) {
  if (Status status = context->enter(); !status.ok())
    return status;
  std::unique_ptr<CudaQueue> queue(
      new CudaQueue(std::move(context), checkLaunches));
  if (Status s = queue->context->check(
          queue->api().cuStreamCreate(&queue->stream, kStreamNonBlocking),
          "cuStreamCreate");
      !s.ok())
    return s;
  return std::unique_ptr<DeviceQueue>(std::move(queue));
}

CudaQueue::~CudaQueue() {
  if (!stream || !context->enter().ok())
    return;
  for (const KeptGraph &graph : graphs)
    api().cuGraphExecDestroy(graph.exec);
  api().cuStreamDestroy(stream);
}

Status CudaQueue::copyIn(const DeviceStep &step) {
  for (const DeviceCopy &copy : step.inputs)
    if (Status s = context->check(api().cuMemcpyHtoDAsync(toDevice(copy.device),
                                                          copy.host, copy.bytes,
                                                          stream),
                                  step.name + ", inputs");
        !s.ok())
      return s;
  return {};
}

Status CudaQueue::copyOut(const DeviceStep &step) {
  for (const DeviceCopy &copy : step.outputs)
    if (Status s = context->check(api().cuMemcpyDtoHAsync(copy.host,
                                                          toDevice(copy.device),
                                                          copy.bytes, stream),
                                  step.name + ", outputs");
        !s.ok())
      return s;
  return {};
}

Status CudaQueue::launch(const DeviceStep &step, size_t index,
                         bool mayOverlap) {
  const DeviceLaunch &launch = step.launches[index];
  const auto [x, y, z] = launch.grid;
  if (x == 0 || y == 0 || z == 0)
    return {};
  LaunchAttribute early;
  early.id = LaunchAttribute::kStartsEarly;
  early.flag = 1;
  LaunchConfig config;
  config.gridX = x;
  config.gridY = y;
  config.gridZ = z;
  config.blockX = launch.kernel->block;
  config.sharedBytes = launch.kernel->sharedBytes;
  config.stream = stream;
  if (mayOverlap && launch.kernel->startsEarly) {
    config.attributes = &early;
    config.attributeCount = 1;
  }
  // The driver copies what each points to; a null ends them for whoever does
  // not know their number.
  std::array<void *, kMaxArguments + 1> arguments;
  for (size_t i = 0; i < launch.args.size(); ++i)
    arguments[i] = const_cast<uint64_t *>(&launch.args[i]);
  arguments[launch.args.size()] = nullptr;
  Error error = api().cuLaunchKernelEx(
      &config, Function(launch.kernel->function), arguments.data(), nullptr);
  if (error == kSuccess)
    return {};
  return context->check(error, describe(step, index) + describeSizes(launch));
}

template <typename Between>
Status CudaQueue::enqueue(const DeviceStep &step, bool mayOverlap,
                          Between between) {
  if (Status s = copyIn(step); !s.ok())
    return s;
  if (Status s = between(0); !s.ok())
    return s;
  for (size_t i = 0; i < step.launches.size(); ++i) {
    // What comes before the first launch is no launch.
    if (Status s = launch(step, i, mayOverlap && i > 0); !s.ok())
      return s;
    if (Status s = between(i + 1); !s.ok())
      return s;
  }
  return copyOut(step);
}

static Status nothing(size_t) { return {}; }

Status CudaQueue::run(const DeviceStep &step, const StepHooks &hooks) {
  if (Status s = context->enter(); !s.ok())
    return s;
  if (checkLaunches || hooks.written)
    return runOneByOne(step, hooks);
  if (hooks.timed)
    return runTimed(step, hooks);
  if (Status s = enqueue(step, true, nothing); !s.ok())
    return s;
  return finish(step.name);
}

Status CudaQueue::run(const DeviceStep &step, const StepKey &key, StepUse use) {
  const bool isNew = use == StepUse::MayRecur && seen.insert(key).second;
  if (checkLaunches || isNew) {
    if (seen.size() > kMaxSeenKeys)
      seen.clear();
    return run(step, StepHooks());
  }
  if (Status s = context->enter(); !s.ok())
    return s;
  const Stopwatch watch;
  Result<GraphExec> exec =
      record(step.name, [&] { return enqueue(step, true, nothing); });
  if (!exec)
    return exec.status();
  keep(key, *exec);
  everKept.seconds += watch.seconds();
  ++everKept.count;
  return replay(*exec, step.name);
}

bool CudaQueue::keeps(const StepKey &key) const {
  return std::any_of(graphs.begin(), graphs.end(),
                     [&](const KeptGraph &graph) { return graph.key == key; });
}

Status CudaQueue::run(const StepKey &key, const std::string &name) {
  if (Status s = context->enter(); !s.ok())
    return s;
  for (KeptGraph &graph : graphs) {
    if (graph.key != key)
      continue;
    graph.lastUse = ++uses;
    return replay(graph.exec, name);
  }
  return internalError(name + " was not kept");
}

Status CudaQueue::download(std::span<std::byte> to, const std::byte *from) {
  if (Status s = context->enter(); !s.ok())
    return s;
  // Into pageable memory; waits for all of it.
  if (Status s = context->check(
          api().cuMemcpyDtoHAsync(to.data(), toDevice(from), to.size(), stream),
          "cannot copy " + std::to_string(to.size()) + " bytes to the host");
      !s.ok())
    return s;
  return finish("a copy to the host");
}

Status CudaQueue::start(const DeviceStep &step) {
  if (Status s = context->enter(); !s.ok())
    return s;
  return enqueue(step, true, nothing);
}

Status CudaQueue::wait(const std::string &name) {
  if (Status s = context->enter(); !s.ok())
    return s;
  return finish(name);
}

Status CudaQueue::runOneByOne(const DeviceStep &step, const StepHooks &hooks) {
  if (Status s = copyIn(step); !s.ok())
    return s;
  if (Status s = finish(step.name + ", inputs"); !s.ok())
    return s;
  for (size_t i = 0; i < step.launches.size(); ++i) {
    const Stopwatch watch;
    if (Status s = launch(step, i, false); !s.ok())
      return s;
    Error error = api().cuStreamSynchronize(stream);
    if (error != kSuccess)
      return context->check(error, describe(step, i) +
                                       describeSizes(step.launches[i]));
    if (hooks.timed)
      hooks.timed(i, watch.seconds());
    if (!hooks.written)
      continue;
    if (Status s = hooks.written(i); !s.ok())
      return s;
  }
  if (Status s = copyOut(step); !s.ok())
    return s;
  return finish(step.name + ", outputs");
}

/// The times of a graph, whose launches do not wait for the host: an event
/// stands between any two of them.
Status CudaQueue::runTimed(const DeviceStep &step, const StepHooks &hooks) {
  Events events(api());
  if (Status s = context->check(events.create(step.launches.size() + 1),
                                "cuEventCreate");
      !s.ok())
    return s;
  auto stamp = [&](size_t index) {
    return context->check(api().cuEventRecordWithFlags(events[index], stream,
                                                       kEventRecordExternal),
                          "cuEventRecordWithFlags");
  };
  // A kernel's first launch loads it, which a recording must not do.
  if (Status s = run(step, StepHooks()); !s.ok())
    return s;
  Result<GraphExec> exec =
      record(step.name, [&] { return enqueue(step, false, stamp); });
  if (!exec)
    return exec.status();
  Status status = replay(*exec, step.name);
  api().cuGraphExecDestroy(*exec);
  for (size_t i = 0; i < step.launches.size() && status.ok(); ++i) {
    float milliseconds = 0;
    status = context->check(
        api().cuEventElapsedTime(&milliseconds, events[i], events[i + 1]),
        "cuEventElapsedTime");
    if (status.ok())
      hooks.timed(i, double(milliseconds) * 1e-3);
  }
  return status;
}

template <typename EnqueueAll>
Result<GraphExec> CudaQueue::record(const std::string &name,
                                    EnqueueAll enqueueAll) {
  const std::string doing = name + " cannot be recorded as a graph";
  if (Status s = context->check(
          api().cuStreamBeginCapture(stream, kCaptureThreadLocal), doing);
      !s.ok())
    return s;
  Status enqueued = enqueueAll();
  Graph graph = nullptr;
  // Ends the recording whatever happened in it.
  Error error = api().cuStreamEndCapture(stream, &graph);
  GraphExec exec = nullptr;
  if (enqueued.ok() && error == kSuccess)
    error = api().cuGraphInstantiateWithFlags(&exec, graph, 0);
  if (graph)
    api().cuGraphDestroy(graph);
  if (!enqueued.ok())
    return enqueued;
  if (Status s = context->check(error, doing); !s.ok())
    return s;
  return exec;
}

void CudaQueue::keep(const StepKey &key, GraphExec exec) {
  if (graphs.size() >= kMaxGraphs) {
    auto oldest = std::min_element(
        graphs.begin(), graphs.end(),
        [](const auto &a, const auto &b) { return a.lastUse < b.lastUse; });
    api().cuGraphExecDestroy(oldest->exec);
    graphs.erase(oldest);
  }
  graphs.push_back({key, exec, ++uses});
}

Status CudaQueue::replay(GraphExec exec, const std::string &name) {
  if (Status s =
          context->check(api().cuGraphLaunch(exec, stream), name + ", graph");
      !s.ok())
    return s;
  return finish(name);
}

Status CudaQueue::finish(const std::string &name) {
  Error error = api().cuStreamSynchronize(stream);
  if (error == kSuccess)
    return {};
  return context->check(error, name + (checkLaunches ? "" : kHowToFind));
}

} // namespace ingot::cuda
