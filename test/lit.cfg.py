# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""lit configuration: IR tests, each one command line checked by FileCheck."""

import os
import sys

import lit.formats
from lit.llvm import llvm_config

config.name = "Ingot"
config.test_format = lit.formats.ShTest(execute_external=not llvm_config.use_lit_shell)
config.suffixes = [".mlir", ".test"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.ingot_binary_dir, "test")
config.excludes = ["configs", "models"]

# A variable defined in one function must not leak into the next one's checks.
config.environment["FILECHECK_OPTS"] = "-enable-var-scope --dump-input-filter=all"

# What a test measures may be the sanitizer's.
if config.ingot_sanitize:
    config.available_features.add("sanitizers")

config.substitutions.append(("%lib", os.path.join(config.ingot_binary_dir, "lib")))
config.substitutions.append(("%bin", config.ingot_tools_dir))
config.substitutions.append(
    ("%tools", os.path.join(os.path.dirname(config.test_source_root), "tools")))
config.substitutions.append(("%models", os.path.join(config.test_source_root, "models")))
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%configs", os.path.join(config.test_source_root, "configs")))

# `not` and FileCheck live in LLVM's folder, which also holds other tools of the
# same names as the system's: it comes last.
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
llvm_config.add_tool_substitutions(
    ["ingot-opt", "ingot-interpret", "ingotc", "ingot", "RuntimeExample", "ToFakeGpu"], [config.ingot_tools_dir]
)
