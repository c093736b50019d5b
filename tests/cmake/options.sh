#!/usr/bin/env bash
# Configures and builds with each option of CMakeLists.txt off, one at a time, asks the program for what was left
# out, and builds a project that has this one inside (consumer/). Folders: build-options/NAME, which are kept, so that
# a second call compiles what has changed. Options to build as arguments; without any, all and the consumer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
out=$PWD/build-options
mkdir -p "$out"

fail() { printf 'options: %s\n' "$*" >&2; exit 1; }

configure_and_build() { # NAME targets [cmake arguments]
    printf '%s\n' "$1" >&2
    cmake --preset release -B "$out/$1" "${@:3}" >"$out/$1.log" || { tail -20 "$out/$1.log"; fail "$1 is not configured"; }
    # shellcheck disable=SC2086 # several targets
    cmake --build "$out/$1" --target $2 >"$out/$1.log" || { grep -A20 FAILED "$out/$1.log"; fail "$1 is not built"; }
}

# What is asked for ends with one line that names the option and the remedy.
says() { # NAME zipml-arguments
    local said status=0
    said=$("$out/$1/bin/zipml" "${@:2}" 2>&1 >/dev/null) || status=$?
    ((status != 0)) || fail "$1: zipml ${*:2}: succeeds"
    [[ $(wc -l <<<"$said") == 1 && $said == *"ZIPML_$1"* ]] || fail "$1: zipml ${*:2}: says '$said'"
    printf '  %s\n' "$said" >&2
}

run=(train synthetic:5x50 --epochs 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check_option() {
    case $1 in
        TESTS) configure_and_build "$1" "all zipml_bench" -DZIPML_TESTS=OFF ;;
        BENCHMARKS) configure_and_build "$1" "zipml test_base_random" -DZIPML_BENCHMARKS=OFF ;;
        *) configure_and_build "$1" all "-DZIPML_$1=OFF" -DZIPML_TESTS=OFF -DZIPML_BENCHMARKS=OFF ;;
    esac
    "$out/$1/bin/zipml" "${run[@]}" --model "$work/model.json" >/dev/null || fail "$1: a run fails"
    case $1 in
        WINDOW)
            [[ ! -e $out/$1/bin/zipml-lab ]] || fail "$1: there is a window"
            says "$1" "${run[@]}" --plot "$work/plot.svg"
            ;;
        OPENCL)
            says "$1" "${run[@]}" --device opencl:0
            says "$1" "${run[@]}" --device fpga:0
            ;;
        NETWORKS) says "$1" deep train ;;
        ONNX) says "$1" export "$work/model.json" -o "$work/model.onnx" ;;
        HDF5)
            printf '\x89HDF\r\n\x1a\n' >"$work/data.h5"
            says "$1" data "$work/data.h5"
            ;;
        FETCH) says "$1" fetch cadata -o "$work" ;;
        TESTS) [[ ! -e $out/$1/tests ]] || fail "$1: there are tests" ;;
    esac
}

check_consumer() {
    printf 'consumer\n' >&2
    cmake -S tests/cmake/consumer -B "$out/consumer" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$out/consumer.log" ||
        fail "the consumer is not configured"
    cmake --build "$out/consumer" --target consumer >"$out/consumer.log" || { tail -20 "$out/consumer.log"; fail "the consumer is not built"; }
    "$out/consumer/consumer" || fail "the consumer fails"
}

if (($#)); then
    for option in "$@"; do
        [[ $option == consumer ]] && check_consumer || check_option "$option"
    done
    exit
fi
for option in WINDOW OPENCL NETWORKS ONNX HDF5 FETCH TESTS BENCHMARKS; do
    check_option "$option"
done
check_consumer
