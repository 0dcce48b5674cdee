// RUN: ingot-opt %s --ingot-choose-tokens | FileCheck %s

// CHECK: func.func @prefill
// CHECK-SAME: -> (tensor<?x32xf32> {ingot.name = "logits"}, tensor<?x16xf32> {ingot.name = "hidden"}, tensor<?xi32> {ingot.name = "chosen"})
// CHECK: %[[LOGITS:.*]] = ingot.logits
// CHECK: %[[CHOSEN:.*]] = ingot.choose %[[LOGITS]], %arg0 : tensor<?x32xf32> -> tensor<?xi32>
// CHECK: return %[[LOGITS]], %arg1, %[[CHOSEN]]
func.func @prefill(%batch: !ingot.batch, %x: tensor<?x16xf32>, %head: tensor<32x16xbf16>) -> (tensor<?x32xf32> {ingot.name = "logits"}, tensor<?x16xf32> {ingot.name = "hidden"}) {
  %0 = ingot.logits %x, %head, %batch : tensor<?x16xf32>, tensor<32x16xbf16> -> tensor<?x32xf32>
  return %0, %x : tensor<?x32xf32>, tensor<?x16xf32>
}

// Nothing to choose from.
// CHECK: func.func @decode
// CHECK-NOT: ingot.choose
func.func @decode(%batch: !ingot.batch, %x: tensor<?x16xf32>) -> tensor<?x16xf32> {
  return %x : tensor<?x16xf32>
}

// Its logits are what is asked for.
// CHECK: func.func @score
// CHECK-NOT: ingot.choose
func.func @score(%batch: !ingot.batch, %x: tensor<?x16xf32>, %head: tensor<32x16xbf16>) -> (tensor<?x32xf32> {ingot.name = "logits"}) {
  %0 = ingot.logits %x, %head, %batch : tensor<?x16xf32>, tensor<32x16xbf16> -> tensor<?x32xf32>
  return %0 : tensor<?x32xf32>
}
