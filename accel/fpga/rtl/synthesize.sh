#!/usr/bin/env bash
# Counts what the pipeline in SystemVerilog takes of an FPGA, by Yosys (Debian: yosys) and without placing it:
#     synthesize.sh xilinx|intel BITS      for UltraScale+ or Cyclone V; BITS 8, 4, 2, 1, or 32 for the float design
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[[ $# == 2 ]] || { sed -n '2,3s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
command -v yosys >/dev/null || { echo "synthesize.sh: yosys is missing; install Debian's yosys" >&2; exit 1; }
case $1 in
    xilinx) synthesis="synth_xilinx -family xcup -top zipml_sgd -flatten" ;;
    intel) synthesis="synth_intel_alm -family cyclonev -top zipml_sgd" ;;
    *) echo "synthesize.sh: '$1': write xilinx or intel" >&2; exit 2 ;;
esac
yosys -V
yosys -q -p "read_verilog -sv zipml_float.sv zipml_product.sv zipml_lane.sv zipml_sgd.sv;
             chparam -set BITS $2 zipml_sgd; $synthesis; tee -q -o /dev/stdout stat" | sed -n '/Number of cells/,$p'
