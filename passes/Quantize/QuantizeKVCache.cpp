//===- QuantizeKVCache.cpp - the cache gets the format of the plan --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     caches of float32, as models are imported
// After:      caches of the wanted element, in functions' types as well
// Requires:   nothing
// Guarantees: rows that are appended are rounded once, as ingot.kv_append says
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DECL_QUANTIZEKVCACHEPASS
#define GEN_PASS_DEF_QUANTIZEKVCACHEPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

struct QuantizeKVCache
    : ingot::passes::impl::QuantizeKVCachePassBase<QuantizeKVCache> {
  explicit QuantizeKVCache(CacheFormat wanted) { format = wanted; }

  void runOnOperation() override {
    Type element = elementType();
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](ir::KVCacheType cache) {
      return ir::KVCacheType::get(cache.getContext(), cache.getLayers(),
                                  cache.getWidth(), element);
    });
    replacer.recursivelyReplaceElementsIn(getOperation(),
                                          /*replaceAttrs=*/true,
                                          /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
  }

private:
  Type elementType() {
    switch (format.getValue()) {
    case CacheFormat::F32:
      return Float32Type::get(&getContext());
    case CacheFormat::BF16:
      return BFloat16Type::get(&getContext());
    case CacheFormat::FP8:
      return Float8E4M3FNType::get(&getContext());
    }
    llvm_unreachable("all formats have a type");
  }
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createQuantizeKVCachePass(CacheFormat format) {
  return std::make_unique<QuantizeKVCache>(format);
}
