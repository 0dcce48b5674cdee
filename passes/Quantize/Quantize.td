//===- Quantize.td - passes that choose formats ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_QUANTIZE
#define INGOT_PASSES_QUANTIZE

include "mlir/Pass/PassBase.td"

def QuantizeWeightsPass : Pass<"ingot-quantize-weights", "::mlir::ModuleOp"> {
  let summary = "matrices of plain floats become scaled E4M3";
  let description = [{
    A type rule: the matrices that an op multiplies rows with
    (`ComputeOpInterface::getMatrixOperands`) become E4M3 with a float32 scale
    for each block of 128x128 if they are f32, f16 or bf16. A matrix whose
    product an `ingot.route` chooses by stays as it is; so do tables, heads and
    norms, which are no such operands, and what is scaled already. A remark says
    how many bytes of weights become how many.

    Before:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %y = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
    After:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createQuantizeWeightsPass()";
}

def QuantizeKVCachePass : Pass<"ingot-quantize-kv-cache", "::mlir::ModuleOp"> {
  let summary = "the KV cache gets the element that the plan keeps it in";
  let description = [{
    Every `!ingot.kv_cache`, in functions' types as well, gets the wanted element:
    f32 (4 bytes a value), bf16 (2) or fp8 (1; E4M3 without scales, as latents are
    normalised). `ingot.kv_append` rounds what it writes to the nearest value of
    the element, ties to even; attention computes in float32 whatever it reads.

    Before:
    ```mlir
    func.func @decode(%c: !ingot.kv_cache<5x160xf32>, %latent: tensor<?x128xf32>, %key: tensor<?x32xf32>, %batch: !ingot.batch) -> !ingot.kv_cache<5x160xf32> {
      %0 = ingot.kv_append %c[2], %latent, %key, %batch : !ingot.kv_cache<5x160xf32>, tensor<?x128xf32>, tensor<?x32xf32>
      return %0 : !ingot.kv_cache<5x160xf32>
    }
    ```
    After, with `format=bf16`:
    ```mlir
    func.func @decode(%c: !ingot.kv_cache<5x160xbf16>, %latent: tensor<?x128xf32>, %key: tensor<?x32xf32>, %batch: !ingot.batch) -> !ingot.kv_cache<5x160xbf16> {
      %0 = ingot.kv_append %c[2], %latent, %key, %batch : !ingot.kv_cache<5x160xbf16>, tensor<?x128xf32>, tensor<?x32xf32>
      return %0 : !ingot.kv_cache<5x160xbf16>
    }
    ```
  }];
  let options = [
    Option<"format", "format", "::ingot::passes::CacheFormat",
           /*default=*/"::ingot::passes::CacheFormat::F32", "f32, bf16 or fp8",
           [{::llvm::cl::values(
               clEnumValN(::ingot::passes::CacheFormat::F32, "f32", ""),
               clEnumValN(::ingot::passes::CacheFormat::BF16, "bf16", ""),
               clEnumValN(::ingot::passes::CacheFormat::FP8, "fp8", ""))}]>
  ];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor =
      "::ingot::passes::createQuantizeKVCachePass(::ingot::passes::CacheFormat::F32)";
}

def QuantizeActivationsPass : Pass<"ingot-quantize-activations", "::mlir::ModuleOp"> {
  let summary = "products round their inputs";
  let description = [{
    Products (`ProductOpInterface`) round their inputs, so that they can run on a
    matrix unit: with `bf16` all of them, with `fp8` those whose matrices are all
    E4M3 in blocks of 128 columns, or a multiple. Products that an `ingot.route`
    chooses by stay in float32, and so does what is no such product: norms,
    attention with its products by W_UK and W_UV, and the head. All steps compute
    the same model: those of a few tokens, which are bound by the bytes of weights,
    gain nothing by it.

    Before:
    ```mlir
    func.func @prefill(%x: tensor<?x256xf32>, %w: tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```
    After, with `format=fp8`:
    ```mlir
    func.func @prefill(%x: tensor<?x256xf32>, %w: tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w inputs f8E4M3FN : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```
  }];
  let options = [
    Option<"format", "format", "::ingot::passes::ActivationFormat",
           /*default=*/"::ingot::passes::ActivationFormat::F32",
           "f32, bf16 or fp8",
           [{::llvm::cl::values(
               clEnumValN(::ingot::passes::ActivationFormat::F32, "f32", ""),
               clEnumValN(::ingot::passes::ActivationFormat::BF16, "bf16", ""),
               clEnumValN(::ingot::passes::ActivationFormat::FP8, "fp8", ""))}]>
  ];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor =
      "::ingot::passes::createQuantizeActivationsPass(::ingot::passes::ActivationFormat::F32)";
}

def HoistWeightWorkPass : Pass<"ingot-hoist-weight-work", "::mlir::ModuleOp"> {
  let summary = "computes once what depends on weights alone";
  let description = [{
    Moves ops whose operands are weights into the function `@pack`; the same
    work of several functions is done once. Each result that steps read becomes a
    `packed` weight, named after the weight that it is made of and the ops on the
    way, and in as many parts.

    Before:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
    After:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    ingot.weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 1
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %q = ingot.get_weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    func.func private @pack() -> (tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {ingot.name = "w.quantize"}) {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      return %q : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createHoistWeightWorkPass()";
}

#endif // INGOT_PASSES_QUANTIZE
