// RUN: ingot-opt %s -split-input-file --ingot-verify-lowered -verify-diagnostics

plan.entry @lowered {
}

// -----

// expected-error @below {{expects to be gone after lowering}}
ingot.weight @weight_left : tensor<4xf32> from "w"

// -----

// expected-error @below {{expects to be gone after lowering}}
func.func private @function_left()
