//===- IngotAttrs.td - how rotary embeddings and routing are described ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_ATTRS
#define INGOT_DIALECTS_INGOT_ATTRS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "dialects/Ingot/IngotDialect.td"

class Ingot_Attr<string name, string attrMnemonic>
    : AttrDef<Ingot_Dialect, name> {
  let mnemonic = attrMnemonic;
}

class Ingot_Enum<string name, string enumSummary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, enumSummary, cases> {
  let cppNamespace = "::ingot::ir";
  let genSpecializedAttr = 0;
}

def Ingot_PairLayout : Ingot_Enum<"PairLayout",
    "which two values of a head rotate together", [
      I32EnumAttrCase<"Interleaved", 0, "interleaved">,
      I32EnumAttrCase<"Halves", 1, "halves">]>;

def Ingot_ScoreFunction : Ingot_Enum<"ScoreFunction",
    "how router logits become scores", [
      I32EnumAttrCase<"Softmax", 0, "softmax">,
      I32EnumAttrCase<"Sigmoid", 1, "sigmoid">]>;

def Ingot_ChooseBy : Ingot_Enum<"ChooseBy",
    "what experts are chosen by", [
      I32EnumAttrCase<"Scores", 0, "scores">,
      I32EnumAttrCase<"Logits", 1, "logits">]>;

def Ingot_GroupScore : Ingot_Enum<"GroupScore",
    "how a group of experts is ranked", [
      I32EnumAttrCase<"Max", 0, "max">,
      I32EnumAttrCase<"Top2Sum", 1, "top2_sum">]>;

def Ingot_YarnAttr : Ingot_Attr<"Yarn", "yarn"> {
  let summary = "YaRN scaling of rotary frequencies";
  let description = [{
    YaRN (Peng et al. 2023, section 3): with `base[j] = theta^(-2j/dim)`, the
    frequency of pair `j` is `base[j] / factor` where the pair turns fewer than
    `beta_slow` times within `original` positions, `base[j]` where it turns
    more than `beta_fast` times, and a linear blend between; `cos` and `sin`
    are multiplied by `magnitude`. As in the published code, the blend runs
    between whole pairs: with
    `pair(turns) = dim * ln(original / (2 pi turns)) / (2 ln theta)`, from
    `max(floor(pair(beta_fast)), 0)` to `min(ceil(pair(beta_slow)), dim - 1)`.

    ```mlir
    #ingot.yarn<factor = 4.0 : f64, original = 256, beta_fast = 32.0 : f64,
                beta_slow = 1.0 : f64, magnitude = 1.0 : f64>
    ```
  }];
  let parameters = (ins
    "::mlir::FloatAttr":$factor,
    "int64_t":$original,
    "::mlir::FloatAttr":$betaFast,
    "::mlir::FloatAttr":$betaSlow,
    "::mlir::FloatAttr":$magnitude);
  let assemblyFormat = [{
    `<` `factor` `=` $factor `,` `original` `=` $original `,`
        `beta_fast` `=` $betaFast `,` `beta_slow` `=` $betaSlow `,`
        `magnitude` `=` $magnitude `>`
  }];
  let genVerifyDecl = 1;
}

def Ingot_NtkByPartsAttr : Ingot_Attr<"NtkByParts", "ntk_by_parts"> {
  let summary = "rotary frequencies scaled by how often a pair turns";
  let description = [{
    NTK by parts (Peng et al. 2023, section 3.2) with its bounds given in turns: a pair that turns fewer than `low_freq_factor`
    times within `original` positions has its frequency divided by `factor`, one
    that turns more than `high_freq_factor` times keeps it, and in between
    `(turns - low) / (high - low)` says how much of it is kept; where both bounds
    are equal nothing lies between. Unlike `#ingot.yarn`, the blend is linear in the
    turns and not bound to whole pairs.

    ```mlir
    #ingot.ntk_by_parts<factor = 8.0 : f64, low_freq_factor = 1.0 : f64,
                        high_freq_factor = 4.0 : f64, original = 8192>
    ```
  }];
  let parameters = (ins
    "::mlir::FloatAttr":$factor,
    "::mlir::FloatAttr":$lowFreqFactor,
    "::mlir::FloatAttr":$highFreqFactor,
    "int64_t":$original);
  let assemblyFormat = [{
    `<` `factor` `=` $factor `,` `low_freq_factor` `=` $lowFreqFactor `,`
        `high_freq_factor` `=` $highFreqFactor `,` `original` `=` $original `>`
  }];
  let genVerifyDecl = 1;
}

def Ingot_LinearPositionsAttr : Ingot_Attr<"LinearPositions", "linear_positions"> {
  let summary = "positions divided by a factor";
  let description = [{
    Position interpolation (Chen et al. 2023): every frequency is divided by
    `factor`.

    ```mlir
    #ingot.linear_positions<factor = 4.0 : f64>
    ```
  }];
  let parameters = (ins "::mlir::FloatAttr":$factor);
  let assemblyFormat = "`<` `factor` `=` $factor `>`";
  let genVerifyDecl = 1;
}

def Ingot_RopeAttr : Ingot_Attr<"Rope", "rope"> {
  let summary = "a rotary position embedding";
  let description = [{
    RoPE (Su et al. 2021): pair `j` of the last `dim` values of a head turns by
    `position * theta^(-2j/dim)`. `layout` says which values are a pair:
    `interleaved` (2j, 2j+1) or `halves` (j, j + dim/2). `scaling`, if given,
    changes the frequencies: `#ingot.yarn`, `#ingot.ntk_by_parts` or
    `#ingot.linear_positions`.

    ```mlir
    #ingot.rope<dim = 32, theta = 1.0e4 : f64, layout = interleaved>
    ```
  }];
  let parameters = (ins
    "int64_t":$dim,
    "::mlir::FloatAttr":$theta,
    EnumParameter<Ingot_PairLayout>:$layout,
    OptionalParameter<"::mlir::Attribute">:$scaling);
  let assemblyFormat = [{
    `<` `dim` `=` $dim `,` `theta` `=` $theta `,` `layout` `=` $layout
        (`,` `scaling` `=` $scaling^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Ingot_ChunkedAttr : Ingot_Attr<"Chunked", "chunked"> {
  let summary = "attention within chunks";
  let description = [{
    The token at position p sees those at j <= p of its own chunk of `size`
    positions: `floor(j / size) == floor(p / size)`.

    ```mlir
    #ingot.chunked<size = 8192>
    ```
  }];
  let parameters = (ins "int64_t":$size);
  let assemblyFormat = "`<` `size` `=` $size `>`";
  let genVerifyDecl = 1;
}

def Ingot_SlidingAttr : Ingot_Attr<"Sliding", "sliding"> {
  let summary = "attention to the newest tokens";
  let description = [{
    The token at position p sees those at j <= p with `p - j < size`: `size` of
    them, itself included.

    ```mlir
    #ingot.sliding<size = 4096>
    ```
  }];
  let parameters = (ins "int64_t":$size);
  let assemblyFormat = "`<` `size` `=` $size `>`";
  let genVerifyDecl = 1;
}

def Ingot_TemperatureAttr : Ingot_Attr<"Temperature", "temperature"> {
  let summary = "queries that grow with their position";
  let description = [{
    The query at position p is multiplied by
    `log1p(floor((p + 1) / floor)) * scale + 1`: layers without rotary positions
    keep their attention sharp over long contexts.

    ```mlir
    #ingot.temperature<floor = 8192, scale = 0.1 : f64>
    ```
  }];
  let parameters = (ins "int64_t":$floor, "::mlir::FloatAttr":$scale);
  let assemblyFormat = "`<` `floor` `=` $floor `,` `scale` `=` $scale `>`";
  let genVerifyDecl = 1;
}

def Ingot_RoutingAttr : Ingot_Attr<"Routing", "routing"> {
  let summary = "how a router chooses experts";
  let description = [{
    `score` turns logits into scores over all experts. With `groups` > 1 the
    experts are cut into that many equal groups, ranked by `group_score`, and
    only the `top_groups` best stay in the choice. The `top_k` best experts
    are chosen; their scores are divided by their sum if `renormalize`, then
    multiplied by `scale`. With `choose_by = logits` experts are compared by their
    logits instead: the same order, but for scores that float32 cannot tell apart.

    ```mlir
    #ingot.routing<score = sigmoid, top_k = 4, groups = 4, top_groups = 2,
                   group_score = top2_sum, renormalize = true, scale = 2.5 : f64>
    ```
  }];
  let parameters = (ins
    EnumParameter<Ingot_ScoreFunction>:$score,
    "int64_t":$topK,
    "int64_t":$groups,
    "int64_t":$topGroups,
    EnumParameter<Ingot_GroupScore>:$groupScore,
    "bool":$renormalize,
    "::mlir::FloatAttr":$scale,
    DefaultValuedParameter<"ChooseBy", "ChooseBy::Scores">:$chooseBy);
  let assemblyFormat = [{
    `<` `score` `=` $score `,` `top_k` `=` $topK `,` `groups` `=` $groups `,`
        `top_groups` `=` $topGroups `,` `group_score` `=` $groupScore `,`
        `renormalize` `=` $renormalize `,` `scale` `=` $scale
        (`,` `choose_by` `=` $chooseBy^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Ingot_BucketAttr : Ingot_Attr<"Bucket", "bucket"> {
  let summary = "the largest step that a function takes";
  let description = [{
    At most `tokens` tokens of at most `sequences` sequences, of which one brings
    at most `per_sequence`, with logits wanted for at most `rows` tokens; no
    sequence is longer than `context`. Buffers are sized for it; cost models and
    the choice of kernels ask it: a step that takes prompts has many tokens of
    one sequence, a step that continues answers a few of each.

    ```mlir
    #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 4096>
    ```
  }];
  let parameters = (ins "int64_t":$tokens, "int64_t":$perSequence,
                        "int64_t":$sequences, "int64_t":$rows,
                        "int64_t":$contextLength);
  let assemblyFormat = [{
    `<` `tokens` `=` $tokens `,` `per_sequence` `=` $perSequence `,`
        `sequences` `=` $sequences `,` `rows` `=` $rows `,`
        `context` `=` $contextLength `>`
  }];
  let genVerifyDecl = 1;
}

#endif // INGOT_DIALECTS_INGOT_ATTRS
