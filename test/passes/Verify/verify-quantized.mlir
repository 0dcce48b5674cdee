// RUN: ingot-opt %s --ingot-verify-quantized -split-input-file -verify-diagnostics

ingot.weight @w : tensor<512x256xbf16> from "w"
func.func @work_outside_pack() -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  // expected-error @below {{'ingot.quantize' op expects to stand in @pack, as it works on weights alone}}
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return %q : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
}

// -----

func.func private @pack(%w: tensor<512x256xbf16>) {
  // expected-error @below {{'ingot.quantize' op expects to work on weights alone in @pack}}
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

ingot.weight @w : tensor<512x256xbf16> from "w"
func.func private @pack() {
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}
func.func @step(%x: tensor<?x256xf32>) {
  %0 = ingot.add %x, %x : tensor<?x256xf32>
  return
}
