//===- Profile.cpp - the launches of a step and their times ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/Profile.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace ingot {

namespace {

/// One line of the table.
std::string line(double seconds, uint64_t bytes, double readBytesPerSecond,
                 double all, const std::string &what) {
  char text[96];
  const double rate = seconds > 0 ? double(bytes) / seconds : 0;
  std::snprintf(text, sizeof text, "%10.2f %14llu %9.1f %8.1f %7.1f  ",
                seconds * 1e6, (unsigned long long)bytes, rate / 1e9,
                100 * rate / readBytesPerSecond,
                all > 0 ? 100 * seconds / all : 0);
  return text + what + "\n";
}

} // namespace

StepProfile profileOf(const fb::Plan &plan, std::string_view entry,
                      const StepShape &shape, const LaunchTimes &times,
                      double readBytesPerSecond) {
  StepProfile profile{std::string(entry), shape, readBytesPerSecond, {}};
  for (const fb::Entry *each : *plan.entries()) {
    if (each->name()->string_view() != entry)
      continue;
    for (uint32_t i = 0; i < each->steps()->size(); ++i) {
      const fb::Launch &launch = *each->steps()->Get(i);
      profile.launches.push_back(
          {launch.name()->string_view(),
           plan.kernels()->Get(launch.kernel())->name()->string_view(),
           times.meanSeconds(each->name()->string_view(), i),
           costOf(plan, launch, shape)});
    }
  }
  return profile;
}

std::string asText(const StepProfile &profile) {
  double seconds = 0;
  uint64_t bytes = 0;
  for (const ProfiledLaunch &launch : profile.launches) {
    seconds += launch.seconds;
    bytes += launch.cost.bytes();
  }
  std::string text = "        us          bytes      GB/s   % read  % step  "
                     "launch\n";
  for (const ProfiledLaunch &launch : profile.launches)
    text += line(launch.seconds, launch.cost.bytes(),
                 profile.readBytesPerSecond, seconds,
                 std::string(launch.name) + ": " + std::string(launch.kernel));
  return text +
         line(seconds, bytes, profile.readBytesPerSecond, seconds, "all");
}

std::string asChromeTrace(const std::vector<StepProfile> &profiles) {
  auto events = nlohmann::ordered_json::array();
  for (size_t row = 0; row < profiles.size(); ++row) {
    double begin = 0;
    for (const ProfiledLaunch &launch : profiles[row].launches) {
      const double microseconds = launch.seconds * 1e6;
      events.push_back({{"name", launch.name},
                        {"cat", launch.kernel},
                        {"ph", "X"},
                        {"ts", begin},
                        {"dur", microseconds},
                        {"pid", 0},
                        {"tid", row},
                        {"args",
                         {{"kernel", launch.kernel},
                          {"bytes", launch.cost.bytes()},
                          {"flops", launch.cost.flops}}}});
      begin += microseconds;
    }
    events.push_back({{"name", "thread_name"},
                      {"ph", "M"},
                      {"pid", 0},
                      {"tid", row},
                      {"args", {{"name", profiles[row].entry}}}});
  }
  return nlohmann::ordered_json({{"traceEvents", events}})
      .dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace ingot
