//===- LaunchTimes.cpp - where the time of steps goes ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/LaunchTimes.h"
#include "runtime/exec/ModelImpl.h"

#include <algorithm>
#include <cstdio>

namespace ingot {

LaunchTimes::LaunchTimes(Session &session) : session(session) {
  session.timeLaunches(
      [this](std::string_view entry, size_t launch, double seconds) {
        Time &time = times[{entry, launch}];
        ++time.launches;
        time.seconds += seconds;
      });
}

LaunchTimes::~LaunchTimes() { session.timeLaunches(nullptr); }

std::vector<KernelTime> LaunchTimes::byKernel() const {
  const fb::Plan &plan = session.model().impl().plan();
  std::map<std::string_view, KernelTime> kernels;
  for (const fb::Entry *entry : *plan.entries())
    for (uint32_t i = 0; i < entry->steps()->size(); ++i) {
      auto time = times.find({entry->name()->string_view(), i});
      if (time == times.end())
        continue;
      const fb::Launch &launch = *entry->steps()->Get(i);
      KernelTime &kernel =
          kernels[plan.kernels()->Get(launch.kernel())->name()->string_view()];
      kernel.launches += time->second.launches;
      kernel.seconds += time->second.seconds;
      kernel.product |= launch.cost() && launch.cost()->product();
    }
  std::vector<KernelTime> sorted;
  for (auto &[name, kernel] : kernels) {
    kernel.kernel = name;
    sorted.push_back(kernel);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const KernelTime &a, const KernelTime &b) {
              return a.seconds > b.seconds;
            });
  return sorted;
}

double LaunchTimes::meanSeconds(std::string_view entry, size_t launch) const {
  auto time = times.find({entry, launch});
  return time == times.end()
             ? 0
             : time->second.seconds / double(time->second.launches);
}

std::string asText(const std::vector<KernelTime> &kernels) {
  double all = 0;
  for (const KernelTime &kernel : kernels)
    all += kernel.seconds;
  std::string text;
  for (const KernelTime &kernel : kernels) {
    char line[64];
    std::snprintf(line, sizeof line, "%10.6f s %5.1f %% %8lld  ",
                  kernel.seconds, 100 * kernel.seconds / all,
                  (long long)kernel.launches);
    text += line + std::string(kernel.kernel) + "\n";
  }
  return text;
}

} // namespace ingot
