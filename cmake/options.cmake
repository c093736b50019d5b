# What every target is compiled with. Third-party headers come in as SYSTEM, so warnings speak of our code only.
add_library(zipml_options INTERFACE)
target_compile_options(zipml_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(zipml_options INTERFACE -Wno-restrict) # false alarms on "literal" + string, GCC bug 105651
endif()
target_include_directories(zipml_options INTERFACE ${CMAKE_SOURCE_DIR})

if(ZIPML_SANITIZE)
    target_compile_options(zipml_options INTERFACE -fsanitize=${ZIPML_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all)
    target_link_options(zipml_options INTERFACE -fsanitize=${ZIPML_SANITIZE})
endif()

# ccache takes the list of headers from the compiler, which spares it preprocessing. What was compiled with
# precompiled headers it keeps only where it may trust their macros.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# Precompiled headers: worth it for those of Qt; of others loading costs about what parsing does. Clang reads
# no gcc's, so ./dev check runs clang-tidy on a folder configured with CMAKE_DISABLE_PRECOMPILE_HEADERS.
function(zipml_precompile target)
    if(ARGV1 STREQUAL "REUSE_FROM")
        target_precompile_headers(${target} ${ARGN})
    else()
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -fpch-preprocess) # as ccache wants it
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # GCC bug 105651 again: behind a precompiled header it takes the library's code for ours.
        target_compile_options(${target} PRIVATE -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
    endif()
endfunction()

# A floor is all the sources below its folder; a new file needs no line here.
function(zipml_sources out folder)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
    set(${out} ${found} PARENT_SCOPE)
endfunction()

# A part of the program (core/base/part.h): a library beside the programs that is loaded when it is first asked
# for. It has its own copy of what it needs of core and of other libraries here, which are told so.
function(zipml_for_parts target)
    set_target_properties(${target} PROPERTIES
        POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
function(zipml_part name)
    add_library(zipml_${name} MODULE ${ARGN})
    zipml_for_parts(zipml_${name})
    set_target_properties(zipml_${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/zipml)
    target_compile_options(zipml_${name} PRIVATE -ffp-contract=off) # as core has it
    target_link_libraries(zipml_${name} PRIVATE zipml_options zipml_core)
    if(NOT ZIPML_SANITIZE) # whose functions the program has
        target_link_options(zipml_${name} PRIVATE -Wl,-z,defs)
    endif()
    set_property(GLOBAL APPEND PROPERTY zipml_parts zipml_${name})
endfunction()
# The programs build all parts that there are: they load them when they run.
function(zipml_uses_parts target)
    get_property(parts GLOBAL PROPERTY zipml_parts)
    add_dependencies(${target} ${parts})
endfunction()
