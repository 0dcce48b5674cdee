//===- IngotTypes.td - scaled elements, the KV cache and the batch --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_TYPES
#define INGOT_DIALECTS_INGOT_TYPES

include "mlir/IR/AttrTypeBase.td"
include "dialects/Ingot/IngotDialect.td"

class Ingot_Type<string name, string typeMnemonic>
    : TypeDef<Ingot_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def Ingot_ScaledType : Ingot_Type<"Scaled", "scaled"> {
  let summary = "an element that shares a scale with the block around it";
  let description = [{
    The element type of a tensor whose last two dimensions are cut into blocks
    of `block` elements; the value at (n, k) is
    `q[n, k] * scale[n / block0, k / block1]`. The last block of a row or
    column may be partial. Published FP8 weights are stored this way, the
    scales in `weight_scale_inv`; DeepSeek-V3 (section 3.3) says why.

    ```mlir
    tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
    ```
  }];
  let parameters = (ins
    "::mlir::Type":$value,
    ArrayRefParameter<"int64_t">:$block,
    "::mlir::Type":$scale);
  let assemblyFormat = [{
    `<` $value `,` `block` `=` custom<BlockShape>($block) `,`
        `scale` `=` $scale `>`
  }];
  let genVerifyDecl = 1;
}

def Ingot_KVCacheType : Ingot_Type<"KVCache", "kv_cache"> {
  let summary = "what attention remembers of earlier tokens, for all layers";
  let description = [{
    `layers` caches of one row of `width` values for each token of each
    sequence. Latent attention stores the normalised latent followed by the
    rotated rope key: width `r` + rope dim. Values have no scales: f32, bf16 or
    f8E4M3FN (`ingot-quantize-kv-cache`) say what is left of them.

    ```mlir
    !ingot.kv_cache<5x160xf32>
    ```
  }];
  let parameters = (ins "int64_t":$layers, "int64_t":$width,
                        "::mlir::Type":$element);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Ingot_BatchType : Ingot_Type<"Batch", "batch"> {
  let summary = "which tokens of which sequences a step works on";
  let description = [{
    A ragged step. It holds, for each of its `t` rows, the token, its position
    and its sequence; for each sequence the pages of its KV cache; and the rows
    whose logits are wanted. Only ops that need one of these take it.

    ```mlir
    func.func private @step(!ingot.batch)
    ```
  }];
}

#endif // INGOT_DIALECTS_INGOT_TYPES
