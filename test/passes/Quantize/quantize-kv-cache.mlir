// RUN: ingot-opt %s --ingot-quantize-kv-cache=format=bf16 | FileCheck %s -DE=bf16
// RUN: ingot-opt %s --ingot-quantize-kv-cache=format=fp8 | FileCheck %s -DE=f8E4M3FN
// RUN: ingot-opt %s --ingot-quantize-kv-cache=format=bf16 --ingot-quantize-kv-cache=format=f32 | FileCheck %s -DE=f32
// RUN: not ingot-opt %s --ingot-quantize-kv-cache=format=f16 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: Cannot find option named 'f16'!

// Arguments, results and the ops between change together, declarations too; what
// is appended stays float32, as does every other type.

// CHECK: func.func private @elsewhere(!ingot.kv_cache<5x160x[[E]]>)
func.func private @elsewhere(!ingot.kv_cache<5x160xf32>)

// CHECK: func.func @decode
// CHECK-SAME:    (%[[C:.*]]: !ingot.kv_cache<5x160x[[E]]>, %{{.*}}: tensor<?x128xf32>, %{{.*}}: tensor<?x32xf32>,
// CHECK-SAME:    -> (tensor<?x512xf32>, !ingot.kv_cache<5x160x[[E]]>)
func.func @decode(%c: !ingot.kv_cache<5x160xf32>, %latent: tensor<?x128xf32>, %key: tensor<?x32xf32>, %q: tensor<?x640xf32>, %batch: !ingot.batch) -> (tensor<?x512xf32>, !ingot.kv_cache<5x160xf32>) {
  // CHECK: %[[D:.*]] = ingot.kv_append %[[C]][2], {{.*}} : <5x160x[[E]]>, tensor<?x128xf32>, tensor<?x32xf32>
  %0 = ingot.kv_append %c[2], %latent, %key, %batch : !ingot.kv_cache<5x160xf32>, tensor<?x128xf32>, tensor<?x32xf32>
  // CHECK: ingot.attend_latent %{{.*}}, %[[D]][2], {{.*}} : tensor<?x640xf32>, <5x160x[[E]]> -> tensor<?x512xf32>
  %1 = ingot.attend_latent %q, %0[2], %batch heads 4 rope 32 scale 0.1 : tensor<?x640xf32>, !ingot.kv_cache<5x160xf32> -> tensor<?x512xf32>
  // CHECK: return %{{.*}}, %[[D]] : tensor<?x512xf32>, !ingot.kv_cache<5x160x[[E]]>
  return %1, %0 : tensor<?x512xf32>, !ingot.kv_cache<5x160xf32>
}
