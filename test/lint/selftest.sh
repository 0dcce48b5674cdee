#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: selftest.sh LINT [ARGUMENT...]
# Shows that a lint finds what it is for: in a small tree that it passes,
# faults are put in one at a time, and each must be reported.
set -euo pipefail
lint=$1
shift
arguments=("$@")
lints=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tools/lint" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"
cd "$work/tree"

# write PATH: puts standard input there.
write() {
  mkdir -p "$(dirname "$1")"
  cat >"$1"
}

# look: runs the lint on the tree; its output is in $work/log.
look() { "$lints/$lint" "${arguments[@]}" . >"$work/log" 2>&1; }

expect_clean() {
  if ! look; then
    echo "$lint: expects no problem in the tree without faults, got:"
    cat "$work/log"
    exit 1
  fi
}

# expect_fault PATTERN PATH: with standard input at PATH, the lint must fail
# and its output match PATTERN; then PATH is as before.
expect_fault() {
  local pattern=$1 path=$2 kept=
  [ ! -e "$path" ] || { kept=$(mktemp) && cp "$path" "$kept"; }
  write "$path"
  if look || ! grep -qE -- "$pattern" "$work/log"; then
    echo "$lint: expects a problem that matches '$pattern', got:"
    cat "$work/log"
    exit 1
  fi
  rm "$path"
  [ -z "$kept" ] || mv "$kept" "$path"
  echo "$pattern" >>"$work/found"
}

lines() { for ((i = 0; i < $1; i++)); do echo "${2:-// filler}"; done; }

layering() {
  write passes/A.cpp <<<'#include "dialects/Ingot/X.h"'
  write runtime/exec/E.cpp <<<'#include "runtime/storage/S.h"'
  write runtime/storage/S.cpp <<<'// #include "compiler/Compiler.h" is a comment'
  write tools/ingotc/main.cpp <<<'#include "compiler/Compiler.h"'
  expect_clean
  expect_fault 'got llvm/ADT/X.h' runtime/exec/F.cpp <<<'#include "llvm/ADT/X.h"'
  expect_fault 'got passes/A.h' runtime/exec/F.cpp <<<'#include "passes/A.h"'
  expect_fault 'got mlir/IR/X.h' tools/ingot/main.cpp <<<'#include <mlir/IR/X.h>'
  expect_fault 'got compiler/C.h' tools/ingot/main.cpp <<<'#include "compiler/C.h"'
  expect_fault 'got passes/P.td' dialects/Ingot/X.td <<<'include "passes/P.td"'
  expect_fault 'got runtime/R.h' passes/Lower/L.cpp <<<'#include "runtime/R.h"'
  expect_fault 'got tools/T.h' compiler/C.cpp <<<'#include "tools/T.h"'
  expect_fault 'folder cycle runtime/exec -> runtime/storage -> runtime/exec' \
    runtime/storage/T.h <<<'#include "runtime/exec/E.h"'
}

sizes() {
  { echo 'void f() {' && lines 58 'a();' && echo '}'; } | write a.cpp
  { echo 'namespace n {' && lines 90 'int v;' && echo '}'; } | write b.cpp
  lines 10 | write c.h
  lines 550 | write compiler/kernels/cpu/k.mlir
  expect_clean
  lines 501 | expect_fault 'at most 500 lines, got 501' d.cpp
  lines 401 | expect_fault 'at most 400 lines, got 401' d.td
  lines 601 | expect_fault 'at most 600 lines, got 601' compiler/kernels/cpu/d.mlir
  { echo 'void f() {' && lines 59 'a();' && echo '}'; } |
    expect_fault 'd.cpp:1: .*60 lines, got 61' d.cpp
  { echo 'namespace n {' && echo 'struct S {' && echo '  int f(int a = "}"[0],' &&
    echo '        int b) {' && lines 60 '/* } */ if (a) { b(); }' && echo '}};}'; } |
    expect_fault 'd.cpp:3: .*60 lines, got 63' d.cpp
  lines 300 | write e.cpp
  lines 300 | write f.cpp
  lines 300 | expect_fault 'median file length of at most 200, got 300' d.cpp
}

licence() {
  local rest='//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//'
  local first='//===- A.h - what it is for -------------------------------------*- C++ -*-===//'
  printf '%s\n' "$first" "$rest" | write A.h
  expect_clean
  printf '%s\n' "${first/A.h/B.h}" "$rest" | expect_fault "banner '//===- A.h" A.h
  printf '%s\n' "${first/---/}" "$rest" | expect_fault '80 characters, got 77' A.h
  printf '%s\n' "$first" "${rest/v2.0/v3.0}" | expect_fault 'line 3 to be' A.h
  printf '%s\n' "$first" | expect_fault 'seven lines' A.h
  expect_fault 'an empty file' A.h </dev/null
  local long='//===- A.h - a purpose that takes all of the room that there is in it --*- C++'
  printf '%s\n' "$long" '// -*-===//' "$rest" | expect_fault 'to end in ===//' A.h
  printf '%s\n' "$long" '// -*-===//' "$rest" | write A.h
  "$lints/$lint" --fix . >"$work/log"
  expect_clean
  expect_fault 'SPDX' a.sh <<<'#!/usr/bin/env bash'
  expect_fault 'banner' compiler/kernels/cpu/k.mlir <<<'func.func @f()'
}

families() {
  write compiler/models/F.cpp <<<'// DeepSeek-V3'
  write dialects/Ingot/A.td <<<'// DeepSeek-V2 (section 2.1) says so'
  write runtime/exec/S.cpp <<<'switch (x) {}'
  expect_clean
  expect_fault "F.h:2: .*got 'Llama'" runtime/exec/F.h <<<$'\n// as in Llama 3'
  expect_fault "got 'deepseek'" passes/Lower/F.cpp <<<'bool isdeepseek;'
  expect_fault "got 'Qwen'" dialects/Ingot/F.td <<<'// Qwen does it'
  expect_fault "got 'mixtral'" docs.cmake <<<'mixtral'
}

globals() {
  write runtime/A.cpp <<'EOF'
static int f() { return 1; }
static const char *const name = "getenv(";
constexpr int size = 3;
Status commit() { return file.abort(); }
struct S { static constexpr int kA = 1; static S make(int a = 0); };
// exit(1) and static int x; stand in a comment
EOF
  write tools/t/main.cpp <<<'int main() { exit(1); }'
  expect_clean
  expect_fault 'an option' passes/B.cpp <<<'static cl::opt<bool> b("b");'
  expect_fault 'environment' runtime/B.cpp <<<'auto *e = std::getenv("E");'
  expect_fault 'abort' runtime/B.cpp <<<'void f() { std::abort(); }'
  expect_fault 'exit' runtime/B.cpp <<<'void f() { exit(1); }'
  expect_fault 'report_fatal_error' passes/B.cpp <<<'void f() { llvm::report_fatal_error(m); }'
  expect_fault 'std::terminate' runtime/B.cpp <<<'void f() { std::terminate(); }'
  expect_fault 'a static variable' runtime/B.cpp <<<'int f() { static int n = 0; return n++; }'
  expect_fault 'a static variable' runtime/B.cpp <<<'static std::map<int, int> cache;'
  expect_fault 'a global variable' runtime/B.cpp <<<'std::vector<int> all = {1};'
  expect_fault 'a global variable' runtime/B.cpp <<<$'\nint count;'
  expect_fault 'unfinished work' tools/t/B.cpp <<<"// TO""DO: later"
}

messages() {
  write runtime/R.cpp <<<$'Status f() {\n  return invalidInput(name + ": expects one "\n                             "row, got " + got);\n}'
  write passes/P.cpp <<<'void g() { op->emitOpError() << "expects @f to be split"; }'
  write test/R.cpp <<<$'EXPECT_EQ(s, "x: expects one "\n  "row, got 2");'
  write test/p.mlir <<<'// CHECK: error: expects @f to be split'
  expect_clean
  expect_fault "R.cpp:2: expects a test of the message 'expects one row, got'" test/R.cpp </dev/null
  expect_fault "P.cpp:1: expects a test of the message 'expects @f to be split'" test/p.mlir </dev/null
}

coverage() {
  mkdir -p compiler/kernels docs
  write dialects/Ingot/Unary.td <<<$'def Ingot_NegOp : Ingot_Op<"neg", [Pure]> {\n  let description = [{ (C1) }];\n}'
  write compiler/kernels/SelectPlain.h </dev/null
  write compiler/kernels/CpuCatalogue.cpp <<<'.Case([&](ir::NegOp o) {'
  write compiler/kernels/CudaCatalogue.cpp <<<'if (auto neg = dyn_cast<ir::NegOp>(op))'
  write test/interpret/neg.mlir </dev/null
  "$lints/$lint" --fix .
  grep -qF '| `ingot.neg` | 1 | – | – | [neg.mlir](../test/interpret/neg.mlir) | yes | yes |' docs/Coverage.md
  expect_clean
  expect_fault 'Coverage.md: differs' compiler/kernels/CpuCatalogue.cpp </dev/null
  expect_fault 'Coverage.md: differs' compiler/kernels/CudaCatalogue.cpp </dev/null
  expect_fault 'Coverage.md: differs' docs/Coverage.md </dev/null
}

families_table() {
  local config
  config=$(dirname "$lints")/../test/configs/kv-cache/mqa.json
  mkdir -p docs test/configs/kv-cache
  cp "$config" test/configs/small.json
  cp "$config" test/configs/kv-cache/mqa.json
  "$lints/$lint" "${arguments[@]}" --fix .
  grep -qF '| mqa | 256 | 512 |' docs/Families.md
  expect_clean
  sed 's/"head_dim": 128/"head_dim": 64/' "$config" >changed.json
  expect_fault 'Families.md: differs' test/configs/kv-cache/mqa.json <changed.json
  expect_fault 'Families.md: differs' docs/Families.md </dev/null
  sed 's/LlamaForCausalLM/Nobody/' "$config" >changed.json
  expect_fault "got 'Nobody'" test/configs/small.json <changed.json
}

semantics() {
  local row='| it adds | [add.mlir](../test/add.mlir) `adds_two`, `adds none` |'
  write test/add.mlir <<<$'// adds none\nfunc.func @adds_two()'
  write docs/Semantics.md <<<$'| what holds | tests |\n|---|---|\n'"$row"
  expect_clean
  expect_fault "expects 'adds_one' in test/add.mlir" docs/Semantics.md <<<"${row/adds_two/adds_one}"
  expect_fault "expects 'adds_tw' in test/add.mlir" docs/Semantics.md <<<"${row/adds_two/adds_tw}"
  expect_fault 'expects test/sub.mlir to exist' docs/Semantics.md <<<"${row/test\/add/test\/sub}"
  expect_fault 'expects a name of a test' docs/Semantics.md <<<"${row/\`*\`/}"
  expect_fault 'expects a test' docs/Semantics.md <<<'| it adds | surely |'
}

pairs() {
  local op='def Ingot_NegOp : Ingot_Op<"neg", [Pure]> {
  let summary = "s";
  let description = [{
    ```mlir
    %0 = ingot.neg %x : f32
    ```
    - (C1) x is there.
  }];
  let assemblyFormat = "$x";
}'
  write dialects/Ingot/Unary.td <<<"$op"
  write dialects/Ingot/Unary.cpp <<<$'LogicalResult NegOp::verify() {\n  // (C1)\n}'
  write test/dialects/Ingot/unary-ops.mlir <<<'ingot.neg %x'
  write test/dialects/Ingot/unary-invalid.mlir <<<$'// (C1)\ningot.neg %x'
  write test/interpret/neg.mlir <<<'ingot.neg %x'
  write passes/Passes.td <<<$'def FuseTwoPass : Pass<"ingot-fuse-two"> {\n```mlir\n```\n}'
  write passes/Model/FuseTwo.cpp </dev/null
  write test/passes/Model/fuse-two.mlir </dev/null
  write compiler/models/Families.def <<<'FAMILY(NewModel, "NewModelForCausalLM")'
  write compiler/models/NewModel.cpp </dev/null
  write test/compiler/models/T.cpp <<<'"new-model-tiny"'
  expect_clean
  expect_fault 'expects a summary' dialects/Ingot/Unary.td <<<"${op/summary/sum}"
  expect_fault 'expects a assemblyFormat' dialects/Ingot/Unary.td <<<"${op/assemblyFormat/a}"
  expect_fault 'mlir example' dialects/Ingot/Unary.td <<<"${op/mlir/text}"
  write dialects/Ingot/Unary.cpp <<<$'// (C1)\nbool ok(int x) {\n}\nR NegOp::verify() {\n  ok(x);\n}'
  expect_clean
  expect_fault 'in its verifier' dialects/Ingot/Unary.cpp \
    <<<$'// (C1)\nbool no(int x) {\n}\nR NegOp::verify() {\n  ok(x);\n}'
  expect_fault 'case of \(C1\)' test/dialects/Ingot/unary-invalid.mlir <<<'ingot.neg %x'
  expect_fault 'case of \(C1\)' test/dialects/Ingot/unary-invalid.mlir \
    <<<$'// (C1)\n// -----\ningot.neg %x'
  expect_fault 'use of ingot.neg' test/dialects/Ingot/unary-ops.mlir <<<'ingot.negate'
  expect_fault 'ingot.pos in test/interpret/pos.mlir' dialects/Ingot/Unary.td <<<"${op/neg/pos}"
  expect_fault 'ingot.neg in test/interpret/neg.mlir' test/interpret/neg.mlir <<<'ingot.add %x'
  expect_fault "flag 'ingot-fuse-three'" passes/Passes.td <<<'def FuseThree : Pass<"ingot-x"> {'
  expect_fault 'FuseThree.cpp' passes/Passes.td <<<'def FuseThree : Pass<"ingot-x"> {'
  expect_fault 'fuse-three.mlir' passes/Passes.td <<<'def FuseThree : Pass<"ingot-x"> {'
  expect_fault 'before and after' passes/Passes.td <<<'def FuseTwo : Pass<"ingot-fuse-two"> {'
  expect_fault 'models/Old.cpp' compiler/models/Families.def <<<'FAMILY(Old, "OldForCausalLM")'
  expect_fault "'Old' expects a test" compiler/models/Families.def <<<'FAMILY(Old, "O")'
}

format() {
  write .clang-format <<<'BasedOnStyle: LLVM'
  write a.cpp <<<'int f() { return 1; }'
  write build/b.cpp <<<'int  f( ) {return 1;}'
  expect_clean
  expect_fault 'should be clang-formatted' runtime/b.h <<<'int  f( ) {return 1;}'
}

reference_docs() {
  write dialects/Ingot/Ingot.td <<'EOF'
include "mlir/IR/OpBase.td"
def D : Dialect { let name = "ingot"; let cppNamespace = "d"; let summary = "old"; }
def AOp : Op<D, "a"> { let summary = "first"; }
EOF
  write passes/Passes.td <<'EOF'
include "mlir/Pass/PassBase.td"
def APass : Pass<"a"> { let summary = "first"; }
EOF
  "$lints/$lint" --fix .
  expect_clean
  sed 's/first/second/' dialects/Ingot/Ingot.td >changed.td
  expect_fault 'docs/Ops.md: differs' dialects/Ingot/Ingot.td <changed.td
  sed 's/first/second/' passes/Passes.td >changed.td
  expect_fault 'docs/Passes.md: differs' passes/Passes.td <changed.td
}

docs_examples() {
  local op='let description = [{
    ```mlir
    func.func private @f() -> i32
    ```
  }];'
  write dialects/Ingot/A.td <<<"$op"
  expect_clean
  expect_fault 'A.td:3: example does not parse' dialects/Ingot/A.td <<<"${op/i32/i}"
  expect_fault '0 examples' dialects/Ingot/A.td <<<"${op/mlir/text}"
  local pass='def A : Pass<"ingot-verify-lowered"> {
  let description = [{
    Before and after:
    ```mlir
    func.func private @f()
    ```
  }];
}'
  expect_fault 'Passes.td:5: example does not pass ingot-verify-lowered' \
    passes/Passes.td <<<"$pass"
  write passes/Passes.td <<<"${pass/func.func private @f()/plan.arena @a workspace}"
  expect_clean
}

check=${lint%.*}
"${check//-/_}"
echo "$lint: found each of $(wc -l <"$work/found") faults"
