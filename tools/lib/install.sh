# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What Ingot is built with. On Debian 12 `install_dependencies` installs the
# packages that are missing; elsewhere it checks for each tool and library and
# says what to install. Source stage.sh first.

# libedit to libpolly: the CMake packages of LLVM and MLIR look for them.
INSTALL_PACKAGES=(
  g++ cmake ninja-build pkg-config ccache python3
  clang-22 libclang-rt-22-dev lld-22 liblld-22-dev clang-format-22 clang-tidy-22
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools
  libedit-dev libzstd-dev zlib1g-dev libxml2-dev libz3-dev libffi-dev
  libcurl4-openssl-dev libpolly-22-dev
  flatbuffers-compiler libflatbuffers-dev libcli11-dev nlohmann-json3-dev
  libpcre2-dev libutf8proc-dev libxxhash-dev libgtest-dev libgmock-dev
)

install_on_debian_12() {
  [ -r /etc/os-release ] &&
    (. /etc/os-release && [ "${ID:-}-${VERSION_ID:-}" = debian-12 ])
}

# install_missing_packages: those of INSTALL_PACKAGES that are not installed.
install_missing_packages() {
  { dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${INSTALL_PACKAGES[@]}" 2>/dev/null || true; } |
    awk -v wanted="${INSTALL_PACKAGES[*]}" '
      $2 == "installed" { have[$1] = 1 }
      END { n = split(wanted, w, " "); for (i = 1; i <= n; i++) if (!(w[i] in have)) print w[i] }'
}

install_run_apt() {
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "$@"
}

install_debian() {
  local missing
  mapfile -t missing < <(install_missing_packages)
  if [ "${#missing[@]}" -eq 0 ]; then
    stage_open "checking packages"
    stage_close
  elif [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "packages are missing; as root, run:" >&2
    echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  else
    stage install "installing packages (${#missing[@]})" -- install_run_apt "${missing[@]}"
  fi
}

# have_header HEADER: whether clang finds it, in its own or LLVM's folders.
have_header() {
  local llvm
  llvm=$(llvm-config-22 --includedir 2>/dev/null)
  echo "#include <$1>" |
    clang++-22 -std=c++20 -DPCRE2_CODE_UNIT_WIDTH=8 ${llvm:+"-I$llvm"} -fsyntax-only -x c++ - 2>/dev/null
}

# have_archives: whether clang finds what `ingot` is linked with statically.
have_archives() {
  [ -e "$(clang++-22 -print-file-name=libpcre2-8.a)" ] &&
    [ -e "$(clang++-22 -print-file-name=libutf8proc.a)" ]
}

# have_version WANTED COMMAND...: whether COMMAND prints that version or newer.
have_version() {
  local wanted=$1 got
  shift
  got=$("$@" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1) && [ -n "$got" ] &&
    [ "$(printf '%s\n' "$wanted" "$got" | sort -V | head -n 1)" = "$wanted" ]
}

have_mlir() {
  have_version 22.1 llvm-config-22 --version &&
    [ -e "$(llvm-config-22 --cmakedir)/../mlir/MLIRConfig.cmake" ]
}

have_llvm_tools() {
  command -v mlir-tblgen-22 && command -v FileCheck-22 && command -v lit-22
}

# install_require WORDS COMMAND...: prints whether COMMAND, a check, succeeds.
install_require() {
  local words=$1 mark=ok
  shift
  "$@" >/dev/null 2>&1 || { mark=missing && INSTALL_COMPLETE=no; }
  printf '  %-8s %s\n' "$mark" "$words"
}

install_check_elsewhere() {
  INSTALL_COMPLETE=yes
  echo "This is not Debian 12, so nothing is installed. Needed are:"
  install_require "clang 22, as clang-22 and clang++-22" have_version 22 clang++-22 --version
  install_require "LLVM and MLIR 22.1 with headers, CMake packages and llvm-config-22" have_mlir
  install_require "mlir-tblgen-22, FileCheck-22 and lit-22" have_llvm_tools
  install_require "lld 22 with headers" have_header lld/Common/Driver.h
  install_require "clang-format-22" have_version 22 clang-format-22 --version
  install_require "GCC 12, as gcc-12 and g++-12" have_version 12 g++-12 --version
  install_require "CMake 3.25 or newer" have_version 3.25 cmake --version
  install_require "ninja" have_version 1.10 ninja --version
  install_require "Python 3.9 or newer (for tests only)" have_version 3.9 python3 --version
  install_require "flatbuffers 2.0.8 with flatc" have_version 2.0.8 flatc --version
  install_require "CLI11 2.1" have_header CLI/CLI.hpp
  install_require "nlohmann-json 3.11" have_header nlohmann/json.hpp
  install_require "PCRE2 10.42, 8 bit" have_header pcre2.h
  install_require "utf8proc 2.8" have_header utf8proc.h
  install_require "their archives, libpcre2-8.a and libutf8proc.a" have_archives
  install_require "xxhash 0.8" have_header xxhash.h
  install_require "GoogleTest 1.12" have_header gtest/gtest.h
  if [ "$INSTALL_COMPLETE" = no ]; then
    echo "install what is missing, then start this script again" >&2
    exit 1
  fi
}

# The libraries that `ingotc --target sm_90a` compiles with are no packages of Debian's.
INSTALL_TOOLKIT=13.0.88
INSTALL_TOOLKIT_FOLDER=build/toolkit
INSTALL_TOOLKIT_LIBRARIES=(libnvrtc.so.13 libnvJitLink.so.13)
INSTALL_TOOLKIT_WHEELS=(nvidia-cuda-nvrtc nvidia-nvjitlink)

# install_have_toolkit: whether each library is where ingotc looks for it.
install_have_toolkit() {
  local library
  for library in "${INSTALL_TOOLKIT_LIBRARIES[@]}"; do
    ldconfig -p 2>/dev/null | grep -F "$library " >/dev/null ||
      [ -e "/usr/local/cuda/lib64/$library" ] ||
      [ -e "$INSTALL_TOOLKIT_FOLDER/nvidia/cu13/lib/$library" ] || return 1
  done
}

# install_fetch_toolkit: unpacks NVIDIA's Python packages, which are archives.
install_fetch_toolkit() {
  local wheel
  mkdir -p "$INSTALL_TOOLKIT_FOLDER" &&
    python3 -m pip download --quiet --no-deps --only-binary :all: \
      --dest "$INSTALL_TOOLKIT_FOLDER" "${INSTALL_TOOLKIT_WHEELS[@]/%/==$INSTALL_TOOLKIT}" ||
    return 1
  for wheel in "$INSTALL_TOOLKIT_FOLDER"/*.whl; do
    python3 -m zipfile -e "$wheel" "$INSTALL_TOOLKIT_FOLDER" || return 1
  done
}

# install_toolkit: without it everything else works, so nothing fails here.
install_toolkit() {
  if install_have_toolkit; then
    echo "GPU target: NVRTC and nvJitLink are here"
  elif python3 -m pip --version >/dev/null 2>&1 &&
    install_fetch_toolkit >/dev/null 2>&1 && install_have_toolkit; then
    echo "GPU target: NVRTC and nvJitLink $INSTALL_TOOLKIT of PyPI unpacked into $INSTALL_TOOLKIT_FOLDER"
  else
    echo "GPU target: no NVRTC or no nvJitLink, so 'ingotc --target sm_90a' will refuse, and its"
    echo "  tests fail; install both of CUDA 13.0, or python3 with pip, then start this script again"
  fi
}

# install_dependencies: returns once everything is there, else leaves the
# script with status 1 and says what is missing.
install_dependencies() {
  if install_on_debian_12; then
    install_have_toolkit || INSTALL_PACKAGES+=(python3-pip)
    install_debian
  else
    install_check_elsewhere
  fi
  install_toolkit
}
