//===- Quant.td - changes of number formats -------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_INGOT_QUANT
#define INGOT_DIALECTS_INGOT_QUANT

include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"

def Ingot_QuantizeOp : Ingot_Op<"quantize",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "a weight in scaled E4M3";
  let description = [{
    For each block of the result's element type, in float32:

    `scale = amax / 448`, with amax the largest magnitude of the block's finite
    elements and 448 the largest E4M3; `q[n, k] = x[n, k] / scale`, rounded to
    the nearest E4M3, ties to even, and never beyond +-448. A NaN stays NaN, an
    infinity becomes +-448. Where amax / 448 is no normal number (amax below
    448 * 2^-126, or 0), `scale` is 1 and the block's codes are zeros. The last
    block of a row or column may be partial. DeepSeek-V3 (section 3.3) says why
    blocks of 128x128.

    ```mlir
    func.func @f(%x: tensor<576x256xbf16>) -> tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {
      %0 = ingot.quantize %x : tensor<576x256xbf16> -> tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      return %0 : tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
    }
    ```

    Constraints:
    - (C1) `x` is [n, k] or [e, n, k] with static dimensions, and `result` has its shape.
    - (C2) the elements of `x` are f32, f16 or bf16.
    - (C3) the elements of `result` are f8E4M3FN with f32 scales.
  }];
  let arguments = (ins AnyRankedTensor:$x);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$x `:` type($x) `->` type($result) attr-dict";
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_QUANT
