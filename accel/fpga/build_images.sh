#!/usr/bin/env bash
# Compiles the pipeline's kernels to FPGA images: build_images.sh intel|xilinx KERNELS OUT DESIGN...
# The targets fpga-intel and fpga-xilinx run it. It looks for the compiler when it is needed, so that neither the
# build's configuration nor any other target depends on one. A DESIGN is a name of line_layout.h: q4_unit, float.
set -euo pipefail
vendor=$1 kernels=$2 out=$3
shift 3

fail() { printf 'fpga-%s: %s\n' "$vendor" "$*" >&2; exit 1; }

# find_tool NAME FOLDER_VARIABLE: below the vendor's own variable, then on PATH.
find_tool() {
    local folder=${!2:-}
    if [[ -n $folder && -x $folder/bin/$1 ]]; then
        echo "$folder/bin/$1"
    elif ! command -v "$1"; then
        fail "$1 is missing: looked in \$$2/bin ($2 is ${folder:-not set}) and on PATH; install $3, set $2 to its folder or put $1 on PATH"
    fi
}

# -DZIPML_BITS and -DZIPML_UNIT_RANGE of a design, as accel/fpga/kernel_source.h has them.
options_of() {
    case $1 in
        float) echo "-DZIPML_BITS=32 -DZIPML_UNIT_RANGE=1" ;;
        q[1248]_unit) echo "-DZIPML_BITS=${1:1:1} -DZIPML_UNIT_RANGE=1" ;;
        q[248]_signed) echo "-DZIPML_BITS=${1:1:1} -DZIPML_UNIT_RANGE=0" ;;
        *) fail "there is no design '$1'; designs are q1_unit, q2_unit, q4_unit, q8_unit, q2_signed, q4_signed, q8_signed, float" ;;
    esac
}

run() {
    printf '%s\n' "$*"
    "$@"
}

# For accel/fpga/image.h, which checks an image before a driver sees it.
note_checksum() { [[ ! -e $1 ]] || cksum <"$1" >"$1.cksum"; }

# Intel FPGA SDK for OpenCL Pro Edition, Programming Guide (683846), 7.6 "Compiling a Kernel for a Specific FPGA Board
# and Custom Platform" and the sections on -o, -I and -D. One call makes the .aocx; it takes hours.
build_intel() { # design options...
    local design=$1
    shift
    run "$compiler" "-board=$ZIPML_INTEL_BOARD" "-I$kernels" "$@" "$kernels/sgd.cl" "-o=$out/zipml_$design.aocx"
    note_checksum "$out/zipml_$design.aocx"
}

# Vitis (UG1393), "Compiling Kernels with the Vitis Compiler" and "Linking the Kernels"; one .xo a kernel and one
# compute unit (--nk) each, as in Vitis_Accel_Examples, ocl_kernels/cl_dataflow_pipes.
build_xilinx() { # design options...
    local design=$1 kernel objects=() units=()
    shift
    for kernel in read_lines unpack_lines train; do
        run "$compiler" -t hw --platform "$ZIPML_XILINX_PLATFORM" -c -k "$kernel" "-I$kernels" "$@" \
            -o "$out/zipml_$design.$kernel.xo" "$kernels/sgd.cl"
        objects+=("$out/zipml_$design.$kernel.xo")
        units+=(--nk "$kernel:1")
    done
    run "$compiler" -t hw --platform "$ZIPML_XILINX_PLATFORM" -l "${units[@]}" -o "$out/zipml_$design.xclbin" \
        "${objects[@]}"
    note_checksum "$out/zipml_$design.xclbin"
}

case $vendor in
    intel)
        compiler=$(find_tool aoc INTELFPGAOCLSDKROOT "the Intel FPGA SDK for OpenCL")
        [[ -n ${ZIPML_INTEL_BOARD:-} ]] ||
            fail "no board is chosen: set ZIPML_INTEL_BOARD to a name that 'aoc -list-boards' prints, in the environment or with cmake -DZIPML_INTEL_BOARD=NAME"
        ;;
    xilinx)
        compiler=$(find_tool v++ XILINX_VITIS "Vitis")
        [[ -n ${ZIPML_XILINX_PLATFORM:-} ]] ||
            fail "no platform is chosen: set ZIPML_XILINX_PLATFORM to a name that 'platforminfo --list' prints or an .xpfm file, in the environment or with cmake -DZIPML_XILINX_PLATFORM=NAME"
        ;;
esac
mkdir -p "$out"
for design in "$@"; do
    options=$(options_of "$design")
    # shellcheck disable=SC2086 # two options
    "build_$vendor" "$design" $options
done
