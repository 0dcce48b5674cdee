// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

#routing = #ingot.routing<score = sigmoid, top_k = 4, groups = 4, top_groups = 2, group_score = top2_sum, renormalize = true, scale = 2.5 : f64>

// CHECK-LABEL: func.func @route_with_bias
// CHECK:       ingot.route %{{.*}} bias %{{.*}} : tensor<16xf32> routing <score = sigmoid, top_k = 4, groups = 4, top_groups = 2, group_score = top2_sum, renormalize = true, scale = 2.500000e+00 : f64>
// CHECK-SAME:    : tensor<?x16xf32> -> tensor<?x4xf32>, tensor<?x4xi32>{{$}}
func.func @route_with_bias(%logits: tensor<?x16xf32>, %bias: tensor<16xf32>) -> (tensor<?x4xf32>, tensor<?x4xi32>) {
  %0:2 = ingot.route %logits bias %bias : tensor<16xf32> routing #routing : tensor<?x16xf32> -> tensor<?x4xf32>, tensor<?x4xi32>
  return %0#0, %0#1 : tensor<?x4xf32>, tensor<?x4xi32>
}

// CHECK-LABEL: func.func @route_without_bias
// CHECK:       ingot.route %{{[^ ]*}} routing <{{.*}}> : tensor<?x16xf32> -> tensor<?x4xf32>, tensor<?x4xi32>{{$}}
func.func @route_without_bias(%logits: tensor<?x16xf32>) -> (tensor<?x4xf32>, tensor<?x4xi32>) {
  %0:2 = ingot.route %logits routing #routing : tensor<?x16xf32> -> tensor<?x4xf32>, tensor<?x4xi32>
  return %0#0, %0#1 : tensor<?x4xf32>, tensor<?x4xi32>
}

// CHECK-LABEL: func.func @experts
// CHECK:       ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>{{$}}
func.func @experts(%x: tensor<?x256xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down
    : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>
  return %0 : tensor<?x256xf32>
}

// The width of the shared network is its own: 192 beside the experts' 128.
// CHECK-LABEL: func.func @experts_with_a_shared_network
// CHECK:       ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} shared %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x256xf32>, {{.*}}, tensor<16x256x128xbf16> shared tensor<192x256xbf16>, tensor<192x256xbf16>, tensor<256x192xbf16>{{$}}
func.func @experts_with_a_shared_network(%x: tensor<?x256xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>, %g: tensor<192x256xbf16>, %u: tensor<192x256xbf16>, %d: tensor<256x192xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u, %d
    : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16> shared tensor<192x256xbf16>, tensor<192x256xbf16>, tensor<256x192xbf16>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @experts_with_weights_on_the_input
// CHECK:       ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} weights_on_input : tensor<?x256xf32>
func.func @experts_with_weights_on_the_input(%x: tensor<?x256xf32>, %w: tensor<?x1xf32>, %i: tensor<?x1xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down weights_on_input
    : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @experts_of_rounded_inputs
// CHECK:       ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} inputs f8E4M3FN : tensor<?x256xf32>
func.func @experts_of_rounded_inputs(%x: tensor<?x256xf32>, %w: tensor<?x1xf32>, %i: tensor<?x1xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down inputs f8E4M3FN
    : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>
  return %0 : tensor<?x256xf32>
}
