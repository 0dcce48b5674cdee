// RUN: ingot-interpret %s --checkpoint %models/llama4-tiny | FileCheck %s

// `#{e}` names the parts of one tensor, which holds all experts: together they are that
// tensor. Its first column, of each expert, starts with the numbers that the file has.

ingot.weight @parts : tensor<16x128x128xbf16> from "language_model.model.layers.1.feed_forward.experts.gate_up_proj#{e}"
ingot.weight @whole : tensor<16x128x128xbf16> from "language_model.model.layers.1.feed_forward.experts.gate_up_proj"

// CHECK:      tensor<16x1x128xbf16> [[VALUES:\[\[\[-0.0380859, -0.0422363, -0.0264893, .*]]
// CHECK-NEXT: tensor<16x1x128xbf16> [[VALUES]]
func.func @parts_make_the_whole() -> (tensor<16x1x128xbf16>, tensor<16x1x128xbf16>) {
  %parts = ingot.get_weight @parts : tensor<16x128x128xbf16>
  %0 = ingot.transpose %parts columns 0 to 1 : tensor<16x128x128xbf16> -> tensor<16x1x128xbf16>
  %whole = ingot.get_weight @whole : tensor<16x128x128xbf16>
  %1 = ingot.transpose %whole columns 0 to 1 : tensor<16x128x128xbf16> -> tensor<16x1x128xbf16>
  return %0, %1 : tensor<16x1x128xbf16>, tensor<16x1x128xbf16>
}
