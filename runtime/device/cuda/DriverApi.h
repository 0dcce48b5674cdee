//===- DriverApi.h - the CUDA driver's functions ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few types and functions of the CUDA driver API that the runtime uses,
// declared here so that it builds where no CUDA toolkit is. They are the ABI
// that NVIDIA documents ("CUDA Driver API" reference manual) and keeps; a
// function is asked for by its version, so that a newer driver answers with the
// one declared here. Nothing links against the driver: see Driver.h.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CUDA_DRIVERAPI_H
#define INGOT_DEVICE_CUDA_DRIVERAPI_H

#include <cstddef>
#include <cstdint>

namespace ingot::cuda {

/// CUresult: 0 is success.
using Error = int;
inline constexpr Error kSuccess = 0, kInvalidValue = 1, kOutOfMemory = 2,
                       kNoDevice = 100, kNotFound = 500, kNotSupported = 801;

using DeviceId = int;
using DevicePointer = unsigned long long;
// Pointers to what only the driver knows.
using Context = struct ContextObject *;
using Module = struct ModuleObject *;
using Function = struct FunctionObject *;
using Stream = struct StreamObject *;
using Event = struct EventObject *;
using Graph = struct GraphObject *;
using GraphExec = struct GraphExecObject *;

// CUdevice_attribute.
inline constexpr int kMultiprocessorCount = 16, kCapabilityMajor = 75,
                     kCapabilityMinor = 76;
// CUfunction_attribute.
inline constexpr int kMaxDynamicSharedBytes = 8;
// CUstream_flags, CUevent_flags, CUevent_record_flags, CUstreamCaptureMode.
inline constexpr unsigned kStreamNonBlocking = 1;
inline constexpr unsigned kEventDefault = 0, kEventDisableTiming = 2;
inline constexpr unsigned kEventRecordDefault = 0, kEventRecordExternal = 1;
inline constexpr int kCaptureThreadLocal = 1;

/// CUlaunchAttribute with the one value that the runtime sets.
struct LaunchAttribute {
  /// CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION.
  static constexpr int kStartsEarly = 6;

  int id = 0;
  char padding[4] = {};
  union {
    char bytes[64] = {};
    int flag;
  };
};
static_assert(sizeof(LaunchAttribute) == 72);

/// CUlaunchConfig.
struct LaunchConfig {
  unsigned gridX = 1, gridY = 1, gridZ = 1;
  unsigned blockX = 1, blockY = 1, blockZ = 1;
  unsigned sharedBytes = 0;
  Stream stream = nullptr;
  LaunchAttribute *attributes = nullptr;
  unsigned attributeCount = 0;
};
static_assert(sizeof(LaunchConfig) == 56);

/// Version of the API that is declared here: of CUDA 12.4.
inline constexpr int kApiVersion = 12040;

/// One row a function: its name without the suffix of its version, and its
/// parameters.
#define INGOT_CUDA_FUNCTIONS(ROW)                                              \
  ROW(cuInit, (unsigned flags))                                                \
  ROW(cuDriverGetVersion, (int *version))                                      \
  ROW(cuGetErrorName, (Error error, const char **name))                        \
  ROW(cuGetErrorString, (Error error, const char **text))                      \
  ROW(cuDeviceGetCount, (int *count))                                          \
  ROW(cuDeviceGet, (DeviceId * device, int ordinal))                           \
  ROW(cuDeviceGetName, (char *name, int length, DeviceId device))              \
  ROW(cuDeviceGetAttribute, (int *value, int attribute, DeviceId device))      \
  ROW(cuDevicePrimaryCtxRetain, (Context * context, DeviceId device))          \
  ROW(cuDevicePrimaryCtxRelease, (DeviceId device))                            \
  ROW(cuCtxSetCurrent, (Context context))                                      \
  ROW(cuMemGetInfo, (size_t *available, size_t *total))                        \
  ROW(cuMemAlloc, (DevicePointer * pointer, size_t bytes))                     \
  ROW(cuMemFree, (DevicePointer pointer))                                      \
  ROW(cuMemHostAlloc, (void **pointer, size_t bytes, unsigned flags))          \
  ROW(cuMemFreeHost, (void *pointer))                                          \
  ROW(cuMemsetD8Async,                                                         \
      (DevicePointer to, unsigned char value, size_t bytes, Stream stream))    \
  ROW(cuMemcpyHtoDAsync,                                                       \
      (DevicePointer to, const void *from, size_t bytes, Stream stream))       \
  ROW(cuMemcpyDtoHAsync,                                                       \
      (void *to, DevicePointer from, size_t bytes, Stream stream))             \
  ROW(cuStreamCreate, (Stream * stream, unsigned flags))                       \
  ROW(cuStreamDestroy, (Stream stream))                                        \
  ROW(cuStreamSynchronize, (Stream stream))                                    \
  ROW(cuStreamBeginCapture, (Stream stream, int mode))                         \
  ROW(cuStreamEndCapture, (Stream stream, Graph * graph))                      \
  ROW(cuGraphInstantiateWithFlags,                                             \
      (GraphExec * exec, Graph graph, unsigned long long flags))               \
  ROW(cuGraphDestroy, (Graph graph))                                           \
  ROW(cuGraphExecDestroy, (GraphExec exec))                                    \
  ROW(cuGraphLaunch, (GraphExec exec, Stream stream))                          \
  ROW(cuEventCreate, (Event * event, unsigned flags))                          \
  ROW(cuEventDestroy, (Event event))                                           \
  ROW(cuEventRecordWithFlags, (Event event, Stream stream, unsigned flags))    \
  ROW(cuEventSynchronize, (Event event))                                       \
  ROW(cuEventElapsedTime, (float *milliseconds, Event begin, Event end))       \
  ROW(cuModuleLoadData, (Module * module, const void *image))                  \
  ROW(cuModuleUnload, (Module module))                                         \
  ROW(cuModuleGetFunction,                                                     \
      (Function * function, Module module, const char *name))                  \
  ROW(cuFuncSetAttribute, (Function function, int attribute, int value))       \
  ROW(cuFuncGetParamInfo,                                                      \
      (Function function, size_t index, size_t *offset, size_t *size))         \
  ROW(cuLaunchKernelEx, (const LaunchConfig *config, Function function,        \
                         void **arguments, void **extra))

/// The driver's functions, by their names.
struct Api {
  // A name and a list of parameters cannot stand in parentheses.
  // NOLINTNEXTLINE(bugprone-macro-parentheses)
#define INGOT_CUDA_MEMBER(name, parameters) Error(*name) parameters = nullptr;
  INGOT_CUDA_FUNCTIONS(INGOT_CUDA_MEMBER)
#undef INGOT_CUDA_MEMBER
};

/// cuGetProcAddress_v2, by which the driver gives the others.
using GetProcAddress = Error (*)(const char *name, void **function, int version,
                                 uint64_t flags, int *found);

} // namespace ingot::cuda

#endif // INGOT_DEVICE_CUDA_DRIVERAPI_H
