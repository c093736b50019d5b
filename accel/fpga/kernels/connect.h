/* How stages of the pipeline are declared and connected, for each compiler. OpenCL C; included by sgd.cl, and put
   in front of it where a program is built from source at run time.

   Intel FPGA SDK for OpenCL: channels, extension cl_intel_channels (Programming Guide, 683846, "Transferring Data
   Through Intel FPGA SDK for OpenCL Channels or OpenCL Pipes"). Xilinx: blocking pipes between kernels, named in
   lower case letters and digits, of depth 16 to 32768, a power of two (UG1393, "xcl_reqd_pipe_depth"). Any other
   device (PoCL, GPUs): nothing is connected, one work-item calls the stages one after another. */
#ifndef ZIPML_FPGA_CONNECT
#define ZIPML_FPGA_CONNECT

#if defined(INTELFPGA_CL)
#pragma OPENCL EXTENSION cl_intel_channels : enable
#define ZIPML_STAGED 1
#define ZIPML_LINK(type, name, length) channel type name __attribute__((depth(length)))
#define ZIPML_PUT(name, variable) write_channel_intel(name, variable)
#define ZIPML_TAKE(name, variable) variable = read_channel_intel(name)
#define ZIPML_STAGE __attribute__((max_global_work_dim(0))) __kernel void
#define ZIPML_PIPELINED
#define ZIPML_UNROLLED _Pragma("unroll")
#define ZIPML_ON_CHIP __local
#define ZIPML_BANKED
#elif defined(__xilinx__)
#define ZIPML_STAGED 1
#define ZIPML_LINK(type, name, length) pipe type name __attribute__((xcl_reqd_pipe_depth(length)))
#define ZIPML_PUT(name, variable) write_pipe_block(name, &variable)
#define ZIPML_TAKE(name, variable) read_pipe_block(name, &variable)
#define ZIPML_STAGE __kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
#define ZIPML_PIPELINED __attribute__((xcl_pipeline_loop(1)))
#define ZIPML_UNROLLED __attribute__((opencl_unroll_hint))
#define ZIPML_ON_CHIP __local
#define ZIPML_BANKED __attribute__((xcl_array_partition(complete, 2)))
#else
#define ZIPML_STAGE __kernel __attribute__((reqd_work_group_size(1, 1, 1))) void
#define ZIPML_PIPELINED
#define ZIPML_UNROLLED
#define ZIPML_ON_CHIP /* private: local memory of a GPU is too small for the model */
#define ZIPML_BANKED
#endif

#endif
