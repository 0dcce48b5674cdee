# Finds MLIR 22 and declares how compiler libraries are built: against the
# shared MLIR library, without exceptions, with one precompiled header for all.
find_program(INGOT_LLVM_CONFIG NAMES llvm-config-22 llvm-config)
if(INGOT_LLVM_CONFIG)
  execute_process(COMMAND ${INGOT_LLVM_CONFIG} --cmakedir
                  OUTPUT_VARIABLE INGOT_LLVM_CMAKE OUTPUT_STRIP_TRAILING_WHITESPACE)
  list(APPEND CMAKE_PREFIX_PATH ${INGOT_LLVM_CMAKE}/../../..)
endif()
find_package(MLIR 22.1 REQUIRED CONFIG)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

separate_arguments(INGOT_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")

# Everything that sees MLIR links this.
add_library(IngotMLIR INTERFACE)
target_include_directories(IngotMLIR SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_include_directories(IngotMLIR INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_definitions(IngotMLIR INTERFACE ${INGOT_LLVM_DEFINITIONS})
target_link_libraries(IngotMLIR INTERFACE MLIR LLVM)

# The one precompiled header (about 14 s to build, saves 9 s a file).
add_library(IngotPch OBJECT ${CMAKE_SOURCE_DIR}/cmake/Pch.cpp)
target_link_libraries(IngotPch PUBLIC IngotMLIR)
target_compile_options(IngotPch PRIVATE -fno-exceptions)
target_precompile_headers(IngotPch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/Pch.h)

# ingot_add_library(NAME source... [LINK library...] [DEPENDS target...])
# A static library of the compiler side: sees MLIR, throws nothing.
function(ingot_add_library NAME)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${NAME} PUBLIC IngotMLIR ${ARG_LINK})
  target_compile_options(${NAME} PRIVATE -fno-exceptions)
  target_precompile_headers(${NAME} REUSE_FROM IngotPch)
  if(ARG_DEPENDS)
    add_dependencies(${NAME} ${ARG_DEPENDS})
  endif()
endfunction()

# ingot_tablegen_dialect(PREFIX dialect)
# Generates the declarations and definitions of a dialect from PREFIX.td, as
# PREFIX{Ops,Types,Attrs,Enums,Dialect}.{h,cpp}.inc.
macro(ingot_tablegen_dialect PREFIX DIALECT)
  set(LLVM_TARGET_DEFINITIONS ${PREFIX}.td)
  set(INGOT_TABLEGEN -I${CMAKE_SOURCE_DIR} -I${MLIR_INCLUDE_DIRS})
  foreach(FORM decls:h defs:cpp)
    string(REGEX REPLACE ":.*" "" KIND ${FORM})
    string(REGEX REPLACE ".*:" "" SUFFIX ${FORM})
    mlir_tablegen(${PREFIX}Ops.${SUFFIX}.inc -gen-op-${KIND} ${INGOT_TABLEGEN})
    mlir_tablegen(${PREFIX}Types.${SUFFIX}.inc -gen-typedef-${KIND}
                  -typedefs-dialect=${DIALECT} ${INGOT_TABLEGEN})
    mlir_tablegen(${PREFIX}Attrs.${SUFFIX}.inc -gen-attrdef-${KIND}
                  -attrdefs-dialect=${DIALECT} ${INGOT_TABLEGEN})
    mlir_tablegen(${PREFIX}Enums.${SUFFIX}.inc -gen-enum-${KIND} ${INGOT_TABLEGEN})
    mlir_tablegen(${PREFIX}Dialect.${SUFFIX}.inc -gen-dialect-${KIND}
                  -dialect=${DIALECT} ${INGOT_TABLEGEN})
  endforeach()
endmacro()
