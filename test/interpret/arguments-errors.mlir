// RUN: not ingot-interpret %s --entry @takes_a_tensor 2>&1 | FileCheck %s --check-prefix=TENSOR
// RUN: not ingot-interpret %s --entry nowhere 2>&1 | FileCheck %s --check-prefix=NOWHERE
// RUN: not ingot-interpret %s --entry declared 2>&1 | FileCheck %s --check-prefix=DECLARED
// RUN: not ingot-interpret %s --entry takes_a_batch --tokens 1 --logit-rows 1 2>&1 | FileCheck %s --check-prefix=BATCH
// RUN: not ingot-interpret %s --entry takes_a_batch --tokens 1 --positions 0,1 2>&1 | FileCheck %s --check-prefix=BATCH
// RUN: not ingot-interpret %s --entry takes_a_batch --tokens 1 --positions=-1 2>&1 | FileCheck %s --check-prefix=BATCH
// RUN: not ingot-interpret %s --entry takes_a_batch --tokens x 2>&1 | FileCheck %s --check-prefix=FLAG
// RUN: not ingot-interpret %s 2>&1 | FileCheck %s --check-prefix=PRIVATE
// RUN: not ingot-interpret %s --checkpoint %t.none 2>&1 | FileCheck %s --check-prefix=CHECKPOINT
// RUN: not ingot-interpret %s --checkpoint %models/deepseek-v3-tiny --golden %models/deepseek-v3-tiny/golden.safetensors 2>&1 | FileCheck %s --check-prefix=STEP
// RUN: not ingot-interpret %t.none 2>&1 | FileCheck %s --check-prefix=FILE

// TENSOR: error: expects only batches and caches as arguments, got 'tensor<1xf32>'
func.func private @takes_a_tensor(%x: tensor<1xf32>) {
  return
}

// BATCH: error: expects a batch of 1 rows to have as many positions (of 0 or more) and sequences, and logit rows among its rows
func.func private @takes_a_batch(%x: !ingot.batch) {
  return
}

// DECLARED: error: expects a function 'declared' with a body
func.func private @declared()

// NOWHERE: error: expects a function 'nowhere'
// PRIVATE: error: expects a public function
// FLAG: --tokens
// CHECKPOINT: error: {{.*}}none
// FILE: none
// STEP: error: expects @score(batch, cache) -> (logits, hidden, cache) in the module
