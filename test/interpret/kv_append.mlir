// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,4 | FileCheck %s

// A row is the latent followed by the rope key, three values in all: latent
// attention caches the compressed latent, never expanded keys and values. Rows go
// to their sequence and position; layer 0 and the old cache stay as they were.

// CHECK:      !ingot.kv_cache<2x3xf32>{{$}}
// CHECK-NEXT:   layer 1 sequence 0 position 0: [1, 2, 7]
// CHECK-NEXT:   layer 1 sequence 0 position 1: [3, 4, 8]
// CHECK-NEXT:   layer 1 sequence 4 position 0: [5, 6, 9]
// CHECK-NEXT: !ingot.kv_cache<2x3xf32>
// CHECK-NOT:    layer
func.func @latent_then_key_in_one_layer(%batch: !ingot.batch, %cache: !ingot.kv_cache<2x3xf32>) -> (!ingot.kv_cache<2x3xf32>, !ingot.kv_cache<2x3xf32>) {
  %latent = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %key = arith.constant dense<[[7.0], [8.0], [9.0]]> : tensor<3x1xf32>
  %0 = ingot.kv_append %cache[1], %latent, %key, %batch : !ingot.kv_cache<2x3xf32>, tensor<3x2xf32>, tensor<3x1xf32>
  return %0, %cache : !ingot.kv_cache<2x3xf32>, !ingot.kv_cache<2x3xf32>
}

// A narrower cache keeps the nearest value, ties to even. bf16 has 7 bits behind
// the leading one: 257 lies between 256 and 258, 259 between 258 and 260. E4M3 has
// 3: 17 lies between 16 and 18, and 448 is the largest.
// CHECK:      !ingot.kv_cache<1x3xbf16>{{$}}
// CHECK-NEXT:   layer 0 sequence 0 position 0: [256, 260, 1000]
// CHECK-NEXT:   layer 0 sequence 0 position 1: [17, 0.5, -3]
// CHECK-NEXT:   layer 0 sequence 4 position 0: [0, -1, 2]
// CHECK-NEXT: !ingot.kv_cache<1x3xf8E4M3FN>{{$}}
// CHECK-NEXT:   layer 0 sequence 0 position 0: [256, 256, 448]
// CHECK-NEXT:   layer 0 sequence 0 position 1: [16, 0.5, -3]
// CHECK-NEXT:   layer 0 sequence 4 position 0: [0, -1, 2]
func.func @rounded(%batch: !ingot.batch, %half: !ingot.kv_cache<1x3xbf16>, %quarter: !ingot.kv_cache<1x3xf8E4M3FN>) -> (!ingot.kv_cache<1x3xbf16>, !ingot.kv_cache<1x3xf8E4M3FN>) {
  %latent = arith.constant dense<[[257.0, 259.0], [17.0, 0.5], [0.0, -1.0]]> : tensor<3x2xf32>
  %key = arith.constant dense<[[1000.0], [-3.0], [2.0]]> : tensor<3x1xf32>
  %0 = ingot.kv_append %half[0], %latent, %key, %batch : !ingot.kv_cache<1x3xbf16>, tensor<3x2xf32>, tensor<3x1xf32>
  %1 = ingot.kv_append %quarter[0], %latent, %key, %batch : !ingot.kv_cache<1x3xf8E4M3FN>, tensor<3x2xf32>, tensor<3x1xf32>
  return %0, %1 : !ingot.kv_cache<1x3xbf16>, !ingot.kv_cache<1x3xf8E4M3FN>
}
