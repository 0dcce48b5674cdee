// RUN: ingot-opt %s --ingot-absorb-latent-projections -verify-diagnostics

// expected-error @+1 {{'func.func' op expects an ingot.bucket, by which attention's form is chosen}}
func.func @step(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.1
    : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}
