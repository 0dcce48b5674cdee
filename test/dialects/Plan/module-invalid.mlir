// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1) of plan.symbol: a buffer sized for no row holds nothing.
// expected-error @below {{expects a positive maximum, got 0}}
plan.symbol @maximum_not_positive max 0

// -----

// (C1) of plan.model
// expected-error @below {{expects positive sizes, got context 1024, batch 0, vocab 2048, hidden 256}}
plan.model context 1024 batch 0 vocab 2048 hidden 256 parameters 0 active 0 mtp 0

// -----

// (C2) of plan.model
// expected-error @below {{expects at most all parameters to be active, got 10, active 11, mtp 0}}
plan.model context 1024 batch 1 vocab 2048 hidden 256 parameters 10 active 11 mtp 0

// -----

// (C1) of plan.kv_cache: 16 pages cannot hold page 0 and a sequence of 16.
// expected-error @below {{expects page 0 and the pages of one sequence, got 16 pages of 64 tokens and 16 a sequence}}
plan.kv_cache page 64 pages 16 per_sequence 16

// -----

// (C1) of plan.arena
// expected-error @below {{expects bytes not to be negative, got -64}}
plan.arena @bytes_negative workspace bytes -64

// -----

// (C1) of plan.kernel
// expected-error @below {{expects a module of 0 or more, got -1}}
plan.kernel @module_negative in -1

// -----

// expected-error @below {{expects a block of 1 thread or more, got 0}}
plan.kernel @block_empty resources <block = 0>

// -----

// expected-error @below {{expects resources that are not negative, got -4}}
plan.kernel @registers_negative resources <block = 32, registers = -4>

// -----

// (C1) of plan.weight
// expected-error @below {{expects static dimensions, got 'tensor<?x256xbf16>'}}
plan.weight @dimension_dynamic : tensor<?x256xbf16> from "a"

// -----

// (C2) of plan.weight
// expected-error @below {{expects @nothing to be a plan.weight}}
plan.weight @scales_nothing : tensor<1x2xf32> from "a" scales @nothing

// -----

// (C3) of plan.weight
// expected-error @below {{expects either a tensor name or packed parts}}
plan.weight @from_nowhere : tensor<4xf32>

// -----

// (C3) of plan.weight
// expected-error @below {{expects either a tensor name or packed parts}}
plan.weight @from_both : tensor<4xf32> from "a" packed in 1

// -----

// (C4) of plan.weight
// expected-error @below {{expects 1 part or 16, got 4}}
plan.weight @some_parts : tensor<16x8x4xf32> packed in 4

// -----

// (C5) of plan.weight
// expected-error @below {{expects a positive fan_in, got 0}}
plan.weight @sums_of_nothing : tensor<4x8xf32> from "a" fan_in 0
