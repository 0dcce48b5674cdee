// RUN: ingot-opt %s --ingot-verify-entries -split-input-file -verify-diagnostics

#prompts = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>
module @split {
  func.func private @prefill(!ingot.batch) attributes {ingot.bucket = #prompts}
  func.func private @decode(!ingot.batch) attributes {ingot.bucket = #prompts}
  func.func private @score(!ingot.batch) attributes {ingot.bucket = #prompts}
}

// -----

// expected-error @below {{expects @step to be split after the model phase}}
func.func private @step(!ingot.batch)

// -----

// expected-error @below {{expects @prefill to have an ingot.bucket}}
func.func private @prefill(!ingot.batch)

// -----

#prompts = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>
// expected-error @below {{expects an entry @decode after the model phase}}
module @decode_missing {
  func.func private @prefill(!ingot.batch) attributes {ingot.bucket = #prompts}
}
