// RUN: ingot-opt %s --ingot-split-entries -split-input-file -verify-diagnostics | FileCheck %s

// One draft layer, so decode takes two tokens of each of the four sequences.
module attributes {ingot.model = {draft_layers = 1 : i64}} {
  // CHECK-NOT: func.func @step
  // CHECK: func.func @prefill
  // CHECK-SAME: #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>
  // CHECK-NEXT: return %arg1
  // CHECK: func.func @decode
  // CHECK-SAME: #ingot.bucket<tokens = 8, per_sequence = 2, sequences = 4, rows = 8, context = 1024>
  // CHECK-NEXT: return %arg1
  // CHECK: func.func @score
  // CHECK-SAME: #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 256, context = 1024>
  // CHECK-NEXT: return %arg1
  func.func @step(%batch: !ingot.batch, %x: tensor<?x16xf32> {ingot.name = "hidden"}) -> tensor<?x16xf32> {
    return %x : tensor<?x16xf32>
  }
  // CHECK: func.func @draft
  // CHECK-SAME: #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 256, context = 1024>
  func.func @draft(%batch: !ingot.batch, %x: tensor<?x16xf32>) -> tensor<?x16xf32> {
    return %x : tensor<?x16xf32>
  }
}

// -----

// expected-error @below {{expects a function @step to split}}
module {
  func.func private @prefill(!ingot.batch)
}
