// RUN: ingot-opt %s --ingot-hoist-weight-work -verify-diagnostics

ingot.weight @w : tensor<512x256xbf16> from "w"
func.func @step() -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return %q : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
}
// expected-error @below {{'func.func' op expects not to exist before its work is hoisted}}
func.func private @pack()
