//===- Status.h - How the runtime reports failure ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing in the runtime throws or aborts across its API. A call that can fail
// returns a Status, or a Result<T> that holds either a value or a Status.
//
//   Result<MappedFile> file = MappedFile::open(path);
//   if (!file)
//     return file.status();
//   use(*file);
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STATUS_H
#define INGOT_STATUS_H

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace ingot {

/// What kind of thing went wrong. The message says what, where, what was
/// expected and what was found.
enum class StatusCode {
  Ok,
  /// A file, flag or argument that the caller gave is wrong.
  InvalidInput,
  /// A plan is damaged, truncated or contradicts itself.
  InvalidPlan,
  /// Plan and machine, or plan and checkpoint, do not belong together.
  Incompatible,
  /// A file, tensor or name does not exist.
  NotFound,
  /// Memory, KV pages or another bounded resource is used up.
  OutOfMemory,
  /// The operating system or a device refused.
  Device,
  /// A mistake in Ingot itself.
  Internal,
};

/// Success, or a code with a message (lower case, no full stop). Immutable,
/// cheap to move; safe to hand to another thread.
class [[nodiscard]] Status {
public:
  /// Success.
  Status() = default;
  Status(StatusCode code, std::string message)
      : statusCode(code), text(std::move(message)) {}

  bool ok() const { return statusCode == StatusCode::Ok; }
  StatusCode code() const { return statusCode; }
  const std::string &message() const { return text; }

private:
  StatusCode statusCode = StatusCode::Ok;
  std::string text;
};

inline Status invalidInput(std::string message) {
  return {StatusCode::InvalidInput, std::move(message)};
}
inline Status invalidPlan(std::string message) {
  return {StatusCode::InvalidPlan, std::move(message)};
}
inline Status incompatible(std::string message) {
  return {StatusCode::Incompatible, std::move(message)};
}
inline Status notFound(std::string message) {
  return {StatusCode::NotFound, std::move(message)};
}
inline Status outOfMemory(std::string message) {
  return {StatusCode::OutOfMemory, std::move(message)};
}
inline Status deviceError(std::string message) {
  return {StatusCode::Device, std::move(message)};
}
inline Status internalError(std::string message) {
  return {StatusCode::Internal, std::move(message)};
}

/// A T, or the Status that says why there is none. Owns the value.
template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : stored(std::move(value)) {}
  Result(Status status) : failure(std::move(status)) {
    assert(!failure.ok() && "a Result without a value needs a failure");
  }

  explicit operator bool() const { return stored.has_value(); }
  /// The failure; Ok if there is a value.
  const Status &status() const { return failure; }

  T &operator*() & { return *stored; }
  const T &operator*() const & { return *stored; }
  T &&operator*() && { return std::move(*stored); }
  T *operator->() { return &*stored; }
  const T *operator->() const { return &*stored; }

private:
  std::optional<T> stored;
  Status failure;
};

} // namespace ingot

#endif // INGOT_STATUS_H
