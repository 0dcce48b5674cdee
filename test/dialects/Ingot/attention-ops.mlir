// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

#rope = #ingot.rope<dim = 32, theta = 1.0e4 : f64, layout = interleaved>
// CHECK-LABEL: func.func @rope
// CHECK:       ingot.rope %{{.*}}, %{{.*}} heads 4 rope <dim = 32, theta = 1.000000e+04 : f64, layout = interleaved> : tensor<?x384xf32>{{$}}
func.func @rope(%x: tensor<?x384xf32>, %batch: !ingot.batch) -> tensor<?x384xf32> {
  %0 = ingot.rope %x, %batch heads 4 rope #rope : tensor<?x384xf32>
  return %0 : tensor<?x384xf32>
}

// CHECK-LABEL: func.func @kv_append
// CHECK:       ingot.kv_append %{{.*}}[2], %{{.*}}, %{{.*}}, %{{.*}} : <5x160xf32>, tensor<?x128xf32>, tensor<?x32xf32>{{$}}
func.func @kv_append(%c: !ingot.kv_cache<5x160xf32>, %latent: tensor<?x128xf32>, %key: tensor<?x32xf32>, %batch: !ingot.batch) -> !ingot.kv_cache<5x160xf32> {
  %0 = ingot.kv_append %c[2], %latent, %key, %batch : !ingot.kv_cache<5x160xf32>, tensor<?x128xf32>, tensor<?x32xf32>
  return %0 : !ingot.kv_cache<5x160xf32>
}

// CHECK-LABEL: func.func @latent_attention
// CHECK:       ingot.latent_attention %{{.*}}, %{{.*}}[2], %{{.*}}, %{{.*}} heads 4 nope 64 rope 32 value 64 scale 1.250000e-01
// CHECK-SAME:    : tensor<?x384xf32>, <5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>{{$}}
func.func @latent_attention(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.125
    : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @absorb_query
// CHECK:       ingot.absorb_query %{{.*}}, %{{.*}} heads 4 nope 64 rope 32 value 64 : tensor<?x384xf32>, tensor<512x128xbf16> -> tensor<?x640xf32>{{$}}
func.func @absorb_query(%q: tensor<?x384xf32>, %kv_b: tensor<512x128xbf16>) -> tensor<?x640xf32> {
  %0 = ingot.absorb_query %q, %kv_b heads 4 nope 64 rope 32 value 64
    : tensor<?x384xf32>, tensor<512x128xbf16> -> tensor<?x640xf32>
  return %0 : tensor<?x640xf32>
}

// CHECK-LABEL: func.func @attend_latent
// CHECK:       ingot.attend_latent %{{.*}}, %{{.*}}[2], %{{.*}} heads 4 rope 32 scale 1.250000e-01 : tensor<?x640xf32>, <5x160xf32> -> tensor<?x512xf32>{{$}}
func.func @attend_latent(%query: tensor<?x640xf32>, %c: !ingot.kv_cache<5x160xf32>, %batch: !ingot.batch) -> tensor<?x512xf32> {
  %0 = ingot.attend_latent %query, %c[2], %batch heads 4 rope 32 scale 0.125
    : tensor<?x640xf32>, !ingot.kv_cache<5x160xf32> -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}

// CHECK-LABEL: func.func @project_value
// CHECK:       ingot.project_value %{{.*}}, %{{.*}} heads 4 nope 64 value 64 : tensor<?x512xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>{{$}}
func.func @project_value(%latent: tensor<?x512xf32>, %kv_b: tensor<512x128xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.project_value %latent, %kv_b heads 4 nope 64 value 64
    : tensor<?x512xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @attention
// CHECK:       ingot.attention %{{.*}}, %{{.*}}[2], %{{.*}} heads 8 kv_heads 2 scale 2.500000e-01 : tensor<?x256xf32>, <5x128xf32> -> tensor<?x256xf32>{{$}}
func.func @attention(%q: tensor<?x256xf32>, %c: !ingot.kv_cache<5x128xf32>, %batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.attention %q, %c[2], %batch heads 8 kv_heads 2 scale 0.25 : tensor<?x256xf32>, !ingot.kv_cache<5x128xf32> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @attention_within_chunks
// CHECK:       scale 2.500000e-01 mask chunked<size = 128> : tensor
func.func @attention_within_chunks(%q: tensor<?x256xf32>, %c: !ingot.kv_cache<5x128xf32>, %batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.attention %q, %c[2], %batch heads 8 kv_heads 2 scale 0.25 mask chunked<size = 128> : tensor<?x256xf32>, !ingot.kv_cache<5x128xf32> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @attention_of_a_mask_by_its_alias
// CHECK:       scale 2.500000e-01 mask sliding<size = 64> : tensor
#window = #ingot.sliding<size = 64>
func.func @attention_of_a_mask_by_its_alias(%q: tensor<?x256xf32>, %c: !ingot.kv_cache<5x128xf32>, %batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.attention %q, %c[2], %batch heads 8 kv_heads 2 scale 0.25 mask #window : tensor<?x256xf32>, !ingot.kv_cache<5x128xf32> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @attention_with_temperature
// CHECK:       temperature <floor = 8192, scale = 1.000000e-01 : f64> : tensor
func.func @attention_with_temperature(%q: tensor<?x256xf32>, %c: !ingot.kv_cache<5x128xf32>, %batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.attention %q, %c[2], %batch heads 8 kv_heads 2 scale 0.25 temperature <floor = 8192, scale = 0.1 : f64> : tensor<?x256xf32>, !ingot.kv_cache<5x128xf32> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}
