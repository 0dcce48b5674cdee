//===- Norm.td - normalisation --------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_NORM
#define INGOT_DIALECTS_INGOT_NORM

include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"

def Ingot_RMSNormOp : Ingot_Op<"rms_norm",
    [Pure, AllTypesMatch<["x", "result"]>,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "root-mean-square normalisation of each row, or of its heads";
  let description = [{
    `result[t, n] = x[t, n] / sqrt(mean_n(x[t, n]^2) + eps) * weight[n]`, in
    float32 (Zhang and Sennrich 2019). With `heads` h, each of the h equal parts of
    a row is normalised by itself, all by one weight. Without a weight the factor
    is 1.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %w: tensor<256xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
      return %0 : tensor<?x256xf32>
    }
    func.func @heads(%q: tensor<?x256xf32>, %w: tensor<64xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.rms_norm %q, %w heads 4 eps 1.0e-6 : tensor<?x256xf32>, tensor<64xbf16>
      return %0 : tensor<?x256xf32>
    }
    func.func @weightless(%q: tensor<?x256xf32>) -> tensor<?x256xf32> {
      %0 = ingot.rms_norm %q heads 4 eps 1.0e-6 : tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, n] and `weight`, if given, [n / `heads`].
    - (C2) `eps` is positive.
    - (C3) `heads` is positive and divides n.
  }];
  let arguments = (ins AnyRankedTensor:$x, Optional<AnyRankedTensor>:$weight,
                       F64Attr:$eps, DefaultValuedAttr<I64Attr, "1">:$heads);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x (`,` $weight^)? (`heads` $heads^)? `eps` $eps `:` type($x)
    (`,` type($weight)^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_AddRMSNormOp : Ingot_Op<"add_rms_norm",
    [Pure, AllTypesMatch<["x", "update", "sum", "normed"]>,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "the residual connection and the norm behind it";
  let description = [{
    `sum = x + update` and `normed = rms_norm(sum)`, as `ingot.add` and
    `ingot.rms_norm` say: what stands between two blocks of a layer, in one step.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %y: tensor<?x256xf32>, %w: tensor<256xbf16>) -> (tensor<?x256xf32>, tensor<?x256xf32>) {
      %0:2 = ingot.add_rms_norm %x, %y, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
      return %0#0, %0#1 : tensor<?x256xf32>, tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, n] and `weight` [n].
    - (C2) `eps` is positive.
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$update,
                       AnyRankedTensor:$weight, F64Attr:$eps);
  let results = (outs AnyRankedTensor:$sum, AnyRankedTensor:$normed);
  let assemblyFormat = [{
    $x `,` $update `,` $weight `eps` $eps `:` type($x) `,` type($weight) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_NORM
