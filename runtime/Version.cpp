//===- Version.cpp - which runtime this is --------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ingot/Runtime.h"

const char *ingot::version() { return INGOT_VERSION; }
