// RUN: ingot-opt %s --ingot-quantize-activations=format=fp8 | FileCheck %s --check-prefixes=CHECK,FP8
// RUN: ingot-opt %s --ingot-quantize-activations=format=bf16 | FileCheck %s --check-prefixes=CHECK,BF16
// RUN: ingot-opt %s --ingot-quantize-activations | FileCheck %s --check-prefix=F32
// F32-NOT: inputs

!fp8 = !ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>

// FP8 inputs go with FP8 matrices, bf16 inputs with any.

// CHECK-LABEL: func.func @prefill
func.func @prefill(%x: tensor<?x256xf32>, %scaled: tensor<256x256x!fp8>, %plain: tensor<256x256xbf16>) -> (tensor<?x256xf32>, tensor<?x256xf32>)
    attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>} {
  // FP8: ingot.linear %arg0, %arg1 inputs f8E4M3FN :
  // BF16: ingot.linear %arg0, %arg1 inputs bf16 :
  %0 = ingot.linear %x, %scaled : tensor<?x256xf32>, tensor<256x256x!fp8> -> tensor<?x256xf32>
  // FP8: ingot.linear %{{.*}}, %arg2 : tensor
  // BF16: ingot.linear %{{.*}}, %arg2 inputs bf16 :
  %1 = ingot.linear %0, %plain : tensor<?x256xf32>, tensor<256x256xbf16> -> tensor<?x256xf32>
  // FP8: ingot.gated_linear %{{.*}}, %arg1, %arg1 inputs f8E4M3FN :
  // BF16: ingot.gated_linear %{{.*}}, %arg1, %arg1 inputs bf16 :
  %2 = ingot.gated_linear %1, %scaled, %scaled : tensor<?x256xf32>, tensor<256x256x!fp8>, tensor<256x256x!fp8> -> tensor<?x256xf32>
  // FP8: ingot.gated_linear %{{.*}}, %arg2, %arg2 : tensor
  // BF16: ingot.gated_linear %{{.*}}, %arg2, %arg2 inputs bf16 :
  %3 = ingot.gated_linear %1, %plain, %plain : tensor<?x256xf32>, tensor<256x256xbf16>, tensor<256x256xbf16> -> tensor<?x256xf32>
  return %2, %3 : tensor<?x256xf32>, tensor<?x256xf32>
}

// A router's product stays, its experts do not.

#routing = #ingot.routing<score = softmax, top_k = 2, groups = 1, top_groups = 1, group_score = max, renormalize = true, scale = 1.0 : f64>
// CHECK-LABEL: func.func @routed
func.func @routed(%x: tensor<?x256xf32>, %router: tensor<4x256xbf16>, %up: tensor<4x128x256x!fp8>, %down: tensor<4x256x128x!fp8>) -> tensor<?x256xf32>
    attributes {ingot.bucket = #ingot.bucket<tokens = 16, per_sequence = 16, sequences = 1, rows = 1, context = 1024>} {
  // CHECK: ingot.linear %arg0, %arg1 : tensor
  %logits = ingot.linear %x, %router : tensor<?x256xf32>, tensor<4x256xbf16> -> tensor<?x4xf32>
  %w, %i = ingot.route %logits routing #routing : tensor<?x4xf32> -> tensor<?x2xf32>, tensor<?x2xi32>
  // FP8: ingot.experts {{.*}}, %arg3 inputs f8E4M3FN :
  // BF16: ingot.experts {{.*}}, %arg3 inputs bf16 :
  %0 = ingot.experts %x, %w, %i, %up, %up, %down : tensor<?x256xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<4x128x256x!fp8>, tensor<4x128x256x!fp8>, tensor<4x256x128x!fp8>
  return %0 : tensor<?x256xf32>
}

// Every step computes the same model, of few tokens as well.

// CHECK-LABEL: func.func @decode
func.func @decode(%x: tensor<?x256xf32>, %w: tensor<256x256x!fp8>) -> tensor<?x256xf32>
    attributes {ingot.bucket = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 4, rows = 4, context = 1024>} {
  // FP8: ingot.linear %arg0, %arg1 inputs f8E4M3FN :
  // BF16: ingot.linear %arg0, %arg1 inputs bf16 :
  %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<256x256x!fp8> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// A run of 128 inputs meets one scale of a row of the weight.

// CHECK-LABEL: func.func @blocks_that_cut_a_run
func.func @blocks_that_cut_a_run(%x: tensor<?x256xf32>, %w: tensor<256x256x!ingot.scaled<f8E4M3FN, block = 64x64, scale = f32>>) -> tensor<?x256xf32> {
  // FP8: ingot.linear %arg0, %arg1 : tensor
  // BF16: ingot.linear %arg0, %arg1 inputs bf16 :
  %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<256x256x!ingot.scaled<f8E4M3FN, block = 64x64, scale = f32>> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// The head, and products of latent attention, round nothing.

// CHECK-LABEL: func.func @others
// CHECK-NOT: inputs
func.func @others(%x: tensor<?x256xf32>, %latent: tensor<?x256xf32>, %head: tensor<512x256x!fp8>, %kv: tensor<192x128x!fp8>, %batch: !ingot.batch) -> (tensor<?x512xf32>, tensor<?x128xf32>) {
  %0 = ingot.logits %x, %head, %batch : tensor<?x256xf32>, tensor<512x256x!fp8> -> tensor<?x512xf32>
  %1 = ingot.project_value %latent, %kv heads 2 nope 32 value 64 : tensor<?x256xf32>, tensor<192x128x!fp8> -> tensor<?x128xf32>
  return %0, %1 : tensor<?x512xf32>, tensor<?x128xf32>
}
