//===- CudaDevice.cpp - a GPU as a device ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/CudaDevice.h"
#include "runtime/device/cuda/CudaQueue.h"
#include "runtime/device/cuda/CudaUpload.h"
#include "runtime/device/cuda/GpuContext.h"
#include "runtime/storage/Messages.h"

namespace ingot {

namespace {

using SharedContext = std::shared_ptr<const cuda::GpuContext>;

std::string forWhat(uint64_t bytes, const std::string &what) {
  return "cannot allocate " + std::to_string(bytes) + " bytes for " + what;
}

/// Owns a module; the context goes with it.
struct LoadedModule {
  LoadedModule(SharedContext context, cuda::Module module)
      : context(std::move(context)), module(module) {}
  ~LoadedModule() {
    if (context->enter().ok())
      context->api().cuModuleUnload(module);
  }
  LoadedModule(const LoadedModule &) = delete;
  LoadedModule &operator=(const LoadedModule &) = delete;

  SharedContext context;
  cuda::Module module;
};

class CudaDevice : public Device {
public:
  explicit CudaDevice(SharedContext context) : context(std::move(context)) {}

  const DeviceInfo &info() const override { return context->info(); }
  bool isHost() const override { return false; }
  std::optional<uint64_t> availableBytes() const override;
  Result<DeviceMemory> allocate(uint64_t bytes,
                                const std::string &what) override;
  Result<DeviceMemory> allocateStaging(uint64_t bytes,
                                       const std::string &what) override;
  Result<std::unique_ptr<DeviceUploader>> createUploader(int threads) override {
    return cuda::createUploader(context, threads);
  }
  Result<DeviceCode> loadCode(std::span<const CodeImage> images,
                              std::span<const KernelRequest> kernels) override;
  Result<std::unique_ptr<DeviceQueue>>
  createQueue(const QueueOptions &options) override {
    return cuda::CudaQueue::create(context, options.checkLaunches);
  }

private:
  Result<DeviceKernel> findKernel(const LoadedModule &module,
                                  const std::string &name,
                                  const KernelRequest &request) const;
  Status checkArguments(cuda::Function function, const std::string &object,
                        size_t wanted) const;

  SharedContext context;
};

std::optional<uint64_t> CudaDevice::availableBytes() const {
  size_t available = 0, total = 0;
  if (!context->enter().ok() ||
      context->api().cuMemGetInfo(&available, &total) != cuda::kSuccess)
    return std::nullopt;
  return available;
}

Result<DeviceMemory> CudaDevice::allocate(uint64_t bytes,
                                          const std::string &what) {
  if (Status status = context->enter(); !status.ok())
    return status;
  const cuda::Api &api = context->api();
  cuda::DevicePointer begin = 0;
  // The driver refuses to allocate nothing.
  if (Status s = context->check(api.cuMemAlloc(&begin, bytes ? bytes : 1),
                                forWhat(bytes, what));
      !s.ok())
    return s;
  auto *address = reinterpret_cast<std::byte *>(uintptr_t(begin));
  std::shared_ptr<void> owner(address, [context = context](void *memory) {
    if (context->enter().ok())
      context->api().cuMemFree(
          cuda::toDevice(static_cast<const std::byte *>(memory)));
  });
  cuda::Error error = api.cuMemsetD8Async(begin, 0, bytes ? bytes : 1, nullptr);
  if (error == cuda::kSuccess)
    error = api.cuStreamSynchronize(nullptr);
  if (Status s = context->check(error, "cannot clear memory for " + what);
      !s.ok())
    return s;
  return DeviceMemory(address, bytes, std::move(owner));
}

Result<DeviceMemory> CudaDevice::allocateStaging(uint64_t bytes,
                                                 const std::string &what) {
  if (Status status = context->enter(); !status.ok())
    return status;
  void *begin = nullptr;
  if (Status s = context->check(
          context->api().cuMemHostAlloc(&begin, bytes ? bytes : 1, 0),
          forWhat(bytes, what));
      !s.ok())
    return s;
  std::shared_ptr<void> owner(begin, [context = context](void *memory) {
    if (context->enter().ok())
      context->api().cuMemFreeHost(memory);
  });
  return DeviceMemory(static_cast<std::byte *>(begin), bytes, std::move(owner));
}

Result<DeviceCode>
CudaDevice::loadCode(std::span<const CodeImage> images,
                     std::span<const KernelRequest> kernels) {
  if (Status status = context->enter(); !status.ok())
    return status;
  DeviceCode code;
  std::vector<std::shared_ptr<LoadedModule>> modules;
  for (const CodeImage &image : images) {
    cuda::Module module = nullptr;
    cuda::Error error =
        context->api().cuModuleLoadData(&module, image.bytes.data());
    if (error == cuda::kOutOfMemory)
      return context->check(error, image.name);
    if (error != cuda::kSuccess)
      return invalidPlan(image.name + ": expects code that the driver takes: " +
                         context->describe(error));
    modules.push_back(std::make_shared<LoadedModule>(context, module));
    code.modules.push_back(modules.back());
  }
  for (const KernelRequest &request : kernels) {
    Result<DeviceKernel> kernel = findKernel(
        *modules[request.image], images[request.image].name, request);
    if (!kernel)
      return kernel.status();
    code.kernels.push_back(*kernel);
  }
  return code;
}

Result<DeviceKernel>
CudaDevice::findKernel(const LoadedModule &module, const std::string &name,
                       const KernelRequest &request) const {
  const cuda::Api &api = context->api();
  cuda::Function function = nullptr;
  cuda::Error error =
      api.cuModuleGetFunction(&function, module.module, request.symbol.c_str());
  const std::string object =
      name + ": function " + storage::quote(request.symbol);
  if (error == cuda::kNotFound)
    return invalidPlan(name + ": expects function " +
                       storage::quote(request.symbol) + ", got none");
  if (Status s = context->check(error, object); !s.ok())
    return s;
  if (request.arguments)
    if (Status s = checkArguments(function, object, *request.arguments);
        !s.ok())
      return s;
  if (request.sharedBytes)
    if (Status s = context->check(
            api.cuFuncSetAttribute(function, cuda::kMaxDynamicSharedBytes,
                                   int(request.sharedBytes)),
            object + " with " + std::to_string(request.sharedBytes) +
                " bytes of shared memory");
        !s.ok())
      return s;
  return DeviceKernel{function, request.block, request.sharedBytes,
                      request.startsEarly};
}

/// The driver reads as many arguments as the function has, wherever the plan's
/// end.
Status CudaDevice::checkArguments(cuda::Function function,
                                  const std::string &object,
                                  size_t wanted) const {
  size_t count = 0, offset = 0, size = 0;
  cuda::Error error = cuda::kSuccess;
  for (;; ++count) {
    error = context->api().cuFuncGetParamInfo(function, count, &offset, &size);
    if (error != cuda::kSuccess)
      break;
    if (size != 8)
      return invalidPlan(object + " expects argument " + std::to_string(count) +
                         " to have 8 bytes, got " + std::to_string(size));
  }
  // Code may come without a description of its arguments.
  if (error == cuda::kNotSupported || count == wanted)
    return {};
  return invalidPlan(object + " expects launches with " +
                     std::to_string(count) + " arguments, got " +
                     std::to_string(wanted));
}

} // namespace

Result<std::shared_ptr<Device>> openCudaDevice(const CudaOptions &options) {
  Result<SharedContext> context =
      cuda::GpuContext::open(options.driver, options.ordinal, options.arch);
  if (!context)
    return context.status();
  return std::shared_ptr<Device>(
      std::make_shared<CudaDevice>(std::move(*context)));
}

} // namespace ingot
