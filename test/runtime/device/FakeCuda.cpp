//===- FakeCuda.cpp - a CUDA driver without a GPU -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/device/FakeMachine.h"

#include <cstring>
#include <string_view>

#include <unistd.h>

using namespace ingot::cuda;
using namespace ingot::test;

namespace {

#define ENTER(name)                                                            \
  std::lock_guard lock(machine().mutex);                                       \
  if (Error error = enter(#name); error != kSuccess)                           \
  return error

Error cuInit(unsigned) {
  ENTER(cuInit);
  return machine().fake.gpus ? kSuccess : kNoDevice;
}
Error cuDriverGetVersion(int *version) {
  ENTER(cuDriverGetVersion);
  *version = machine().fake.version;
  return kSuccess;
}
Error cuGetErrorName(Error error, const char **name) {
  *name = error == kInvalidValue  ? "CUDA_ERROR_INVALID_VALUE"
          : error == kOutOfMemory ? "CUDA_ERROR_OUT_OF_MEMORY"
          : error == 200          ? "CUDA_ERROR_INVALID_IMAGE"
          : error == 700          ? "CUDA_ERROR_ILLEGAL_ADDRESS"
                                  : nullptr;
  return *name ? kSuccess : kInvalidValue;
}
Error cuGetErrorString(Error error, const char **text) {
  *text = error == kOutOfMemory ? "out of memory"
          : error == 700        ? "an illegal memory access was encountered"
                                : nullptr;
  return *text ? kSuccess : kInvalidValue;
}
Error cuDeviceGetCount(int *count) {
  ENTER(cuDeviceGetCount);
  *count = machine().fake.gpus;
  return kSuccess;
}
Error cuDeviceGet(DeviceId *device, int ordinal) {
  ENTER(cuDeviceGet);
  *device = ordinal;
  return kSuccess;
}
Error cuDeviceGetName(char *name, int length, DeviceId) {
  ENTER(cuDeviceGetName);
  std::strncpy(name, "Fake", size_t(length));
  return kSuccess;
}
Error cuDeviceGetAttribute(int *value, int attribute, DeviceId) {
  ENTER(cuDeviceGetAttribute);
  const FakeCuda &fake = machine().fake;
  *value = attribute == kCapabilityMajor   ? fake.major
           : attribute == kCapabilityMinor ? fake.minor
                                           : 2;
  return kSuccess;
}
Error cuDevicePrimaryCtxRetain(Context *context, DeviceId) {
  ENTER(cuDevicePrimaryCtxRetain);
  *context = &machine().context;
  ++machine().fake.openHandles;
  return kSuccess;
}
Error cuDevicePrimaryCtxRelease(DeviceId) {
  ENTER(cuDevicePrimaryCtxRelease);
  --machine().fake.openHandles;
  return kSuccess;
}
Error cuCtxSetCurrent(Context context) {
  ENTER(cuCtxSetCurrent);
  return context == &machine().context ? kSuccess : kInvalidValue;
}
Error cuMemGetInfo(size_t *available, size_t *total) {
  ENTER(cuMemGetInfo);
  *total = machine().fake.memory;
  *available = *total - machine().fake.allocated;
  return kSuccess;
}

Error cuMemAlloc(DevicePointer *pointer, size_t bytes) {
  ENTER(cuMemAlloc);
  FakeCuda &fake = machine().fake;
  if (bytes == 0)
    return kInvalidValue;
  if (bytes > fake.memory - fake.allocated)
    return kOutOfMemory;
  void *begin = mmap(nullptr, mappedSize(bytes), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED)
    return kOutOfMemory;
  // What a GPU's memory holds is not known.
  std::memset(begin, 0xa5, bytes);
  if (bytes <= kMostLocked)
    mprotect(begin, mappedSize(bytes), PROT_NONE);
  machine().memory[static_cast<char *>(begin)] = bytes;
  fake.allocated += bytes;
  *pointer = reinterpret_cast<DevicePointer>(begin);
  return kSuccess;
}
Error cuMemFree(DevicePointer pointer) {
  ENTER(cuMemFree);
  auto range = machine().memory.find(reinterpret_cast<char *>(pointer));
  if (range == machine().memory.end())
    return kInvalidValue;
  machine().fake.allocated -= range->second;
  munmap(range->first, mappedSize(range->second));
  machine().memory.erase(range);
  return kSuccess;
}
Error cuMemHostAlloc(void **pointer, size_t bytes, unsigned) {
  ENTER(cuMemHostAlloc);
  if (bytes == 0)
    return kInvalidValue;
  char *begin = new char[bytes];
  machine().pinned[begin] = bytes;
  ++machine().fake.openHandles;
  *pointer = begin;
  return kSuccess;
}
Error cuMemFreeHost(void *pointer) {
  ENTER(cuMemFreeHost);
  if (machine().pinned.erase(static_cast<char *>(pointer)) == 0)
    return kInvalidValue;
  --machine().fake.openHandles;
  delete[] static_cast<char *>(pointer);
  return kSuccess;
}

Error cuMemsetD8Async(DevicePointer to, unsigned char value, size_t bytes,
                      Stream stream) {
  ENTER(cuMemsetD8Async);
  if (bytes == 0 || !isOnGpu(to, bytes))
    return kInvalidValue;
  return put(stream, [=] {
    Touch touch;
    std::memset(reinterpret_cast<void *>(to), value, bytes);
    return kSuccess;
  });
}
Error cuMemcpyHtoDAsync(DevicePointer to, const void *from, size_t bytes,
                        Stream stream) {
  ENTER(cuMemcpyHtoDAsync);
  // Only pinned memory is fetched later, and can be recorded.
  if (bytes == 0 || !isOnGpu(to, bytes) || !lies(machine().pinned, from, bytes))
    return kInvalidValue;
  return put(stream, [=] {
    Touch touch;
    std::memcpy(reinterpret_cast<void *>(to), from, bytes);
    return kSuccess;
  });
}
Error cuMemcpyDtoHAsync(void *to, DevicePointer from, size_t bytes,
                        Stream stream) {
  ENTER(cuMemcpyDtoHAsync);
  if (!isOnGpu(from, bytes))
    return kInvalidValue;
  return put(stream, [=] {
    Touch touch;
    std::memcpy(to, reinterpret_cast<void *>(from), bytes);
    return kSuccess;
  });
}

Error cuStreamCreate(Stream *stream, unsigned) {
  ENTER(cuStreamCreate);
  *stream = made(new StreamObject);
  return kSuccess;
}
Error cuStreamDestroy(Stream stream) {
  ENTER(cuStreamDestroy);
  return destroyed(stream);
}
Error cuStreamSynchronize(Stream stream) {
  ENTER(cuStreamSynchronize);
  return runAll(streamOf(stream));
}
Error cuStreamBeginCapture(Stream stream, int) {
  ENTER(cuStreamBeginCapture);
  if (!stream || stream->capturing)
    return kInvalidValue;
  stream->capturing = true;
  return kSuccess;
}
Error cuStreamEndCapture(Stream stream, Graph *graph) {
  ENTER(cuStreamEndCapture);
  if (!stream || !stream->capturing)
    return kInvalidValue;
  stream->capturing = false;
  *graph = made(new GraphObject{std::move(stream->captured.work)});
  stream->captured.work.clear();
  return kSuccess;
}
Error cuGraphInstantiateWithFlags(GraphExec *exec, Graph graph,
                                  unsigned long long) {
  ENTER(cuGraphInstantiateWithFlags);
  *exec = made(new GraphExecObject{graph->work});
  return kSuccess;
}
Error cuGraphDestroy(Graph graph) {
  ENTER(cuGraphDestroy);
  return destroyed(graph);
}
Error cuGraphExecDestroy(GraphExec exec) {
  ENTER(cuGraphExecDestroy);
  return destroyed(exec);
}
Error cuGraphLaunch(GraphExec exec, Stream stream) {
  ENTER(cuGraphLaunch);
  if (streamOf(stream).capturing)
    return kInvalidValue;
  for (const Work &work : exec->work)
    put(stream, work);
  return kSuccess;
}

Error cuEventCreate(Event *event, unsigned) {
  ENTER(cuEventCreate);
  *event = made(new EventObject);
  return kSuccess;
}
Error cuEventDestroy(Event event) {
  ENTER(cuEventDestroy);
  return destroyed(event);
}
Error cuEventRecordWithFlags(Event event, Stream stream, unsigned flags) {
  ENTER(cuEventRecordWithFlags);
  // What is recorded without the flag orders streams and has no time.
  if (streamOf(stream).capturing != (flags == kEventRecordExternal))
    return kInvalidValue;
  event->stream = &streamOf(stream);
  return put(stream, [event] {
    event->time = std::chrono::steady_clock::now();
    return kSuccess;
  });
}
Error cuEventSynchronize(Event event) {
  ENTER(cuEventSynchronize);
  return event->stream ? runAll(*event->stream) : kInvalidValue;
}
Error cuEventElapsedTime(float *milliseconds, Event begin, Event end) {
  ENTER(cuEventElapsedTime);
  *milliseconds =
      std::chrono::duration<float, std::milli>(end->time - begin->time).count();
  return kSuccess;
}

/// The image says nothing of its size: an ELF file does.
size_t sizeOfImage(const void *image) {
  struct Header {
    char magic[4];
    char ignored[36];
    uint64_t sections;
    char more[10];
    uint16_t sectionSize, sectionCount;
  };
  Header header;
  std::memcpy(&header, image, sizeof(header));
  if (std::string_view(header.magic, 4) != "\x7f"
                                           "ELF")
    return 0;
  return header.sections + size_t(header.sectionSize) * header.sectionCount;
}

/// What stands for the one function of assembly text that the runtime brings:
/// void read_words(const void *words, i64 rounds, void *sink).
void readWords(const uint64_t *arguments, const int64_t *) {
  auto *words = reinterpret_cast<const volatile char *>(arguments[0]);
  if (arguments[1])
    (void)*words;
}
constexpr uint64_t kReadWordsArguments[] = {3, 8};

Error cuModuleLoadData(Module *module, const void *image) {
  ENTER(cuModuleLoadData);
  if (std::string_view(static_cast<const char *>(image), 10)
          .starts_with("\n.version")) {
    *module = made(new ModuleObject{nullptr, -1});
    return kSuccess;
  }
  size_t size = sizeOfImage(image);
  if (size == 0)
    return 200; // CUDA_ERROR_INVALID_IMAGE
  int file = memfd_create("fake cubin", MFD_CLOEXEC);
  for (size_t done = 0; done < size;)
    if (ssize_t n =
            write(file, static_cast<const char *>(image) + done, size - done);
        n > 0)
      done += size_t(n);
    else
      return 200;
  std::string path = "/proc/self/fd/" + std::to_string(file);
  void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return 200;
  *module = made(new ModuleObject{handle, file});
  return kSuccess;
}
Error cuModuleUnload(Module module) {
  ENTER(cuModuleUnload);
  if (module->handle) {
    dlclose(module->handle);
    close(module->file);
  }
  return destroyed(module);
}
Error cuModuleGetFunction(Function *function, Module module, const char *name) {
  ENTER(cuModuleGetFunction);
  auto object = std::make_unique<FunctionObject>();
  if (!module->handle && std::string_view(name) == "read_words") {
    *object = {readWords, kReadWordsArguments, name};
    *function = object.get();
    machine().functions.insert(std::move(object));
    return kSuccess;
  }
  void *body = module->handle ? dlsym(module->handle, name) : nullptr;
  if (!body)
    return kNotFound;
  object->body = reinterpret_cast<decltype(object->body)>(body);
  object->arguments = static_cast<const uint64_t *>(
      dlsym(module->handle, (std::string(name) + "_arguments").c_str()));
  object->symbol = name;
  *function = object.get();
  machine().functions.insert(std::move(object));
  return kSuccess;
}
Error cuFuncSetAttribute(Function, int, int) {
  ENTER(cuFuncSetAttribute);
  return kSuccess;
}
Error cuFuncGetParamInfo(Function function, size_t index, size_t *offset,
                         size_t *size) {
  ENTER(cuFuncGetParamInfo);
  if (!function->arguments)
    return kNotSupported;
  // The number of its arguments, and the size of each.
  if (index >= function->arguments[0])
    return kInvalidValue;
  *offset = 8 * index;
  *size = function->arguments[1];
  return kSuccess;
}

Error runTiles(const FunctionObject &function, const LaunchConfig &config,
               const std::vector<uint64_t> &arguments, bool early) {
  Machine &all = machine();
  all.fake.launches.push_back({function.symbol, config.gridX, config.gridY,
                               config.gridZ, config.blockX, config.sharedBytes,
                               early});
  auto fault = all.fake.faults.find(function.symbol);
  if (fault != all.fake.faults.end())
    return fault->second;
  Touch touch;
  for (int64_t z = 0; z < config.gridZ; ++z)
    for (int64_t y = 0; y < config.gridY; ++y)
      for (int64_t x = 0; x < config.gridX; ++x) {
        const int64_t tile[] = {x, y, z};
        function.body(arguments.data(), tile);
      }
  return kSuccess;
}

Error cuLaunchKernelEx(const LaunchConfig *config, Function function,
                       void **arguments, void **extra) {
  ENTER(cuLaunchKernelEx);
  if (config->gridX == 0 || config->gridY == 0 || config->gridZ == 0 ||
      config->blockX == 0 || config->blockX > 1024 || extra)
    return kInvalidValue;
  std::vector<uint64_t> copied;
  for (; *arguments; ++arguments)
    copied.push_back(*static_cast<const uint64_t *>(*arguments));
  const bool early = config->attributeCount == 1 &&
                     config->attributes->id == LaunchAttribute::kStartsEarly &&
                     config->attributes->flag == 1;
  return put(config->stream,
             [function, config = *config, copied = std::move(copied), early] {
               return runTiles(*function, config, copied, early);
             });
}

} // namespace

// Its name is the driver's. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" Error cuGetProcAddress_v2(const char *name, void **function,
                                     int version, uint64_t, int *found) {
  std::lock_guard lock(machine().mutex);
  *function = nullptr;
  *found = 1;
  if (version != kApiVersion || machine().fake.missing.contains(name))
    return kNotFound;
#define ROW(symbol, parameters)                                                \
  if (std::string_view(name) == #symbol)                                       \
    *function = reinterpret_cast<void *>(&(symbol));
  INGOT_CUDA_FUNCTIONS(ROW)
#undef ROW
  *found = 0;
  return *function ? kSuccess : kNotFound;
}

extern "C" FakeCuda *fakeCuda() {
  machine().sticky = kSuccess;
  return &machine().fake;
}
