//===- Attention.td - positions, the KV cache and attention ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_ATTENTION
#define INGOT_DIALECTS_INGOT_ATTENTION

include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotAttrs.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"
include "dialects/Ingot/IngotTypes.td"

def Ingot_RopeOp : Ingot_Op<"rope",
    [Pure, AllTypesMatch<["x", "result"]>,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "turns each head by its token's position";
  let description = [{
    `x` is [t, h * d]. The last `rope.dim` values of each head are rotated by
    the position of row t as `#ingot.rope` says; the others pass unchanged.

    ```mlir
    #rope = #ingot.rope<dim = 32, theta = 1.0e4 : f64, layout = interleaved>
    func.func @f(%x: tensor<?x384xf32>, %batch: !ingot.batch) -> tensor<?x384xf32> {
      %0 = ingot.rope %x, %batch heads 4 rope #rope : tensor<?x384xf32>
      return %0 : tensor<?x384xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, n] and `heads` divides n.
    - (C2) `rope.dim` is at most the head width n / `heads`.
  }];
  let arguments = (ins AnyRankedTensor:$x, Ingot_BatchType:$batch,
                       I64Attr:$heads, Ingot_RopeAttr:$rope);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$x `,` $batch `heads` $heads `rope` $rope `:` type($x) attr-dict";
  let hasVerifier = 1;
}

def Ingot_KVAppendOp : Ingot_Op<"kv_append",
    [Pure, AllTypesMatch<["cache", "result"]>,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "the cache with the batch's rows written into one layer";
  let description = [{
    Row t of `[head, tail]` becomes the entry of token t's sequence and
    position in `layer`. Latent attention stores its normalised latent and its
    rotated rope key; other attention its keys and its values. What is written is
    the nearest value of the cache's element, ties to even; in f8E4M3FN at most
    +-448. NaN stays NaN.

    ```mlir
    func.func @f(%c: !ingot.kv_cache<5x160xf32>, %latent: tensor<?x128xf32>, %key: tensor<?x32xf32>, %batch: !ingot.batch) -> !ingot.kv_cache<5x160xf32> {
      %0 = ingot.kv_append %c[2], %latent, %key, %batch : !ingot.kv_cache<5x160xf32>, tensor<?x128xf32>, tensor<?x32xf32>
      return %0 : !ingot.kv_cache<5x160xf32>
    }
    ```

    Constraints:
    - (C1) `layer` is a layer of the cache.
    - (C2) `head` is [t, a], `tail` [t, b], and a + b is the cache's width.
  }];
  let arguments = (ins Ingot_KVCacheType:$cache, AnyRankedTensor:$head,
                       AnyRankedTensor:$tail, Ingot_BatchType:$batch,
                       I64Attr:$layer);
  let results = (outs Ingot_KVCacheType:$result);
  let assemblyFormat = [{
    $cache `[` $layer `]` `,` $head `,` $tail `,` $batch `:`
    type($cache) `,` type($head) `,` type($tail) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_AttentionOp : Ingot_Op<"attention",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "causal attention of query heads that share key and value heads";
  let description = [{
    Multi-head attention (Vaswani et al. 2017) with as many key and value heads as
    query heads, fewer (GQA, Ainslie et al. 2023) or one (MQA, Shazeer 2019). `q`
    is [t, h * d]. The cache row of an earlier token j of the same sequence is
    [keys (g * d values), values (g * d values)], g being `kv_heads`. Query head i
    reads key and value head i / (h / g). Per row t and head, over all j up to the
    row's own position p that `mask` lets it see:

    `score[j] = scale * (q . k_j)`, `result = sum_j softmax(score)[j] * v_j`,

    all in float32. A `temperature` multiplies the query first. Masks:
    `#ingot.chunked`, `#ingot.sliding`.

    ```mlir
    func.func @f(%q: tensor<?x256xf32>, %c: !ingot.kv_cache<5x128xf32>, %batch: !ingot.batch) -> tensor<?x256xf32> {
      %0 = ingot.attention %q, %c[2], %batch heads 8 kv_heads 2 scale 0.1767
        : tensor<?x256xf32>, !ingot.kv_cache<5x128xf32> -> tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    #mask = #ingot.chunked<size = 128>
    #temperature = #ingot.temperature<floor = 8192, scale = 0.1 : f64>
    func.func @masked(%q: tensor<?x256xf32>, %c: !ingot.kv_cache<5x128xf32>, %batch: !ingot.batch) -> tensor<?x256xf32> {
      %0 = ingot.attention %q, %c[2], %batch heads 8 kv_heads 2 scale 0.1767 mask #mask temperature #temperature
        : tensor<?x256xf32>, !ingot.kv_cache<5x128xf32> -> tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `layer` is a layer of the cache.
    - (C2) `kv_heads` is positive and divides `heads`.
    - (C3) the cache's width is 2 * `kv_heads` * d.
    - (C4) `q` and `result` are [t, `heads` * d].
    - (C5) `mask`, if given, is `#ingot.chunked` or `#ingot.sliding`.
  }];
  let arguments = (ins AnyRankedTensor:$q, Ingot_KVCacheType:$cache,
                       Ingot_BatchType:$batch, I64Attr:$layer, I64Attr:$heads,
                       I64Attr:$kv_heads, F64Attr:$scale,
                       OptionalAttr<AnyAttr>:$mask,
                       OptionalAttr<Ingot_TemperatureAttr>:$temperature);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $q `,` $cache `[` $layer `]` `,` $batch `heads` $heads `kv_heads` $kv_heads
    `scale` $scale (`mask` custom<Mask>($mask)^)?
    (`temperature` $temperature^)? `:` type($q) `,` type($cache) `->`
    type($result) attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Width of a head.
    int64_t getHeadDim() {
      return getCache().getType().getWidth() / (2 * getKvHeads());
    }
    /// The first position that the token at `position` sees.
    int64_t firstVisible(int64_t position);
  }];
}

def Ingot_LatentAttentionOp : Ingot_Op<"latent_attention",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "multi-head latent attention (MLA), causal";
  let description = [{
    DeepSeek-V2 (section 2.1) in its expanded meaning. `q` is [t, h * (d + p)]:
    per head d values without position, then p rotated ones. The cache row of an
    earlier token j of the same sequence is [c_j (r values), k_j (p values)].
    `kv_b` is [h * (d + w), r]: per head first W_UK [d, r], then W_UV [w, r].
    Per row t and head, over all j up to the row's own position:

    `score[j] = scale * (q_nope . (W_UK c_j) + q_rope . k_j)`,
    `result = sum_j softmax(score)[j] * (W_UV c_j)`, all in float32.

    ```mlir
    func.func @f(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32> {
      %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.1
        : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `layer` is a layer of the cache.
    - (C2) `q` is [t, heads * (nope + rope)].
    - (C3) `kv_b` is [heads * (nope + value), r], r being the cache's width less `rope`.
    - (C4) `result` is [t, heads * value].
    - (C5) `heads`, `nope`, `rope`, `value` and r are positive.
  }];
  let arguments = (ins AnyRankedTensor:$q, Ingot_KVCacheType:$cache,
                       AnyRankedTensor:$kv_b, Ingot_BatchType:$batch,
                       I64Attr:$layer, I64Attr:$heads, I64Attr:$nope_dim,
                       I64Attr:$rope_dim, I64Attr:$value_dim, F64Attr:$scale);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $q `,` $cache `[` $layer `]` `,` $kv_b `,` $batch `heads` $heads
    `nope` $nope_dim `rope` $rope_dim `value` $value_dim `scale` $scale `:`
    type($q) `,` type($cache) `,` type($kv_b) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_AbsorbQueryOp : Ingot_Op<"absorb_query",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "each head's query times W_UK: what meets the latent itself";
  let description = [{
    The first part of `ingot.latent_attention`, reassociated (DeepSeek-V2
    (section 2.1.2)): `q_nope . (W_UK c_j) = (q_nope W_UK) . c_j`. `q` and `kv_b`
    are as there. Per row t and head:

    `result = [sum_d q_nope[d] * W_UK[d, :] (r values), q_rope (p values)]`.

    ```mlir
    func.func @f(%q: tensor<?x384xf32>, %kv_b: tensor<512x128xbf16>) -> tensor<?x640xf32> {
      %0 = ingot.absorb_query %q, %kv_b heads 4 nope 64 rope 32 value 64
        : tensor<?x384xf32>, tensor<512x128xbf16> -> tensor<?x640xf32>
      return %0 : tensor<?x640xf32>
    }
    ```

    Constraints:
    - (C1) `heads`, `nope`, `rope` and `value` are positive.
    - (C2) `q` is [t, heads * (nope + rope)].
    - (C3) `kv_b` is [heads * (nope + value), r].
    - (C4) `result` is [t, heads * (r + rope)].
  }];
  let arguments = (ins AnyRankedTensor:$q, AnyRankedTensor:$kv_b,
                       I64Attr:$heads, I64Attr:$nope_dim, I64Attr:$rope_dim,
                       I64Attr:$value_dim);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $q `,` $kv_b `heads` $heads `nope` $nope_dim `rope` $rope_dim
    `value` $value_dim `:` type($q) `,` type($kv_b) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_AttendLatentOp : Ingot_Op<"attend_latent",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "causal attention of all heads over the one latent";
  let description = [{
    The second part of `ingot.latent_attention`, reassociated: the cache is the
    only key and value head. `query` is [t, h * (r + p)], as `ingot.absorb_query`
    makes it; the cache row of an earlier token j of the same sequence is
    [c_j (r values), k_j (p values)]. Per row t and head, over all j up to the
    row's own position:

    `score[j] = scale * (query . [c_j, k_j])`,
    `result = sum_j softmax(score)[j] * c_j`, all in float32.

    ```mlir
    func.func @f(%query: tensor<?x640xf32>, %c: !ingot.kv_cache<5x160xf32>, %batch: !ingot.batch) -> tensor<?x512xf32> {
      %0 = ingot.attend_latent %query, %c[2], %batch heads 4 rope 32 scale 0.1
        : tensor<?x640xf32>, !ingot.kv_cache<5x160xf32> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```

    Constraints:
    - (C1) `layer` is a layer of the cache.
    - (C2) `heads`, `rope` and r, the cache's width less `rope`, are positive.
    - (C3) `query` is [t, heads * (r + rope)].
    - (C4) `result` is [t, heads * r].
  }];
  let arguments = (ins AnyRankedTensor:$query, Ingot_KVCacheType:$cache,
                       Ingot_BatchType:$batch, I64Attr:$layer, I64Attr:$heads,
                       I64Attr:$rope_dim, F64Attr:$scale);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $query `,` $cache `[` $layer `]` `,` $batch `heads` $heads `rope` $rope_dim
    `scale` $scale `:` type($query) `,` type($cache) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_ProjectValueOp : Ingot_Op<"project_value",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "W_UV times what each head has gathered of the latent";
  let description = [{
    The last part of `ingot.latent_attention`, reassociated:
    `sum_j a[j] * (W_UV c_j) = W_UV (sum_j a[j] * c_j)`. `latent` is [t, h * r],
    as `ingot.attend_latent` makes it, and `kv_b` as in `ingot.latent_attention`.
    Per row t and head:

    `result[v] = sum_k W_UV[v, k] * latent[k]`, accumulated in float32.

    ```mlir
    func.func @f(%latent: tensor<?x512xf32>, %kv_b: tensor<512x128xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.project_value %latent, %kv_b heads 4 nope 64 value 64
        : tensor<?x512xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `heads`, `nope` and `value` are positive.
    - (C2) `kv_b` is [heads * (nope + value), r].
    - (C3) `latent` is [t, heads * r].
    - (C4) `result` is [t, heads * value].
  }];
  let arguments = (ins AnyRankedTensor:$latent, AnyRankedTensor:$kv_b,
                       I64Attr:$heads, I64Attr:$nope_dim, I64Attr:$value_dim);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $latent `,` $kv_b `heads` $heads `nope` $nope_dim `value` $value_dim `:`
    type($latent) `,` type($kv_b) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_ATTENTION
