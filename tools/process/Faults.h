//===- Faults.h - what ends a process from outside ------------ -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What libraries cannot report by a Status. They keep no state and leave the
// process alone, so this is the tools' part.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_PROCESS_FAULTS_H
#define INGOT_TOOLS_PROCESS_FAULTS_H

namespace ingot::tool {

/// Ends the process with "PROGRAM: error: out of memory" and status 1.
[[noreturn]] void failOutOfMemory();

/// From here on, once and before there are threads:
///   - memory that `new` cannot get, a thread that cannot be started, and a
///     mapped file that shrank or cannot be read end the process with one
///     message and status 1;
///   - a file larger than the limit is an error of the write, not a signal;
///   - SIGINT and SIGTERM end the line on a terminal, remove the unfinished
///     output (AtomicFile) and then do what they always do.
/// `program` names the tool and must outlive the process.
void handleFaults(const char *program);

} // namespace ingot::tool

#endif // INGOT_TOOLS_PROCESS_FAULTS_H
