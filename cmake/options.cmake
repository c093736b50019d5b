# What every target is compiled with. Third-party headers come in as SYSTEM, so warnings speak of our code only.
add_library(zipml_options INTERFACE)
target_compile_options(zipml_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion
    # Not of names in another source of a unity build (below); the preset 'plain' compiles each by itself.
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>)
# Other versions warn of other things, and a warning is no reason for a stranger to be left without a program.
if(ZIPML_WARNINGS_AS_ERRORS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12[.]")
    target_compile_options(zipml_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(zipml_options INTERFACE -Wno-restrict) # false alarms on "literal" + string, GCC bug 105651
endif()
target_include_directories(zipml_options INTERFACE ${PROJECT_SOURCE_DIR})

if(ZIPML_SANITIZE)
    target_compile_options(zipml_options INTERFACE -fsanitize=${ZIPML_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all)
    target_link_options(zipml_options INTERFACE -fsanitize=${ZIPML_SANITIZE})
endif()

# Linking is most of what a change of one source costs, and the usual linker takes four times as long as others.
foreach(linker lld gold) # gold comes with Debian's binutils
    find_program(ZIPML_LINKER_${linker} ld.${linker})
    mark_as_advanced(ZIPML_LINKER_${linker})
    if(ZIPML_LINKER_${linker} AND PROJECT_IS_TOP_LEVEL)
        add_link_options(-fuse-ld=${linker})
        break()
    endif()
endforeach()
# Archives name their objects instead of holding copies of them: they are for the links of this build alone.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set(CMAKE_CXX_ARCHIVE_CREATE "<CMAKE_AR> qcT <TARGET> <LINK_FLAGS> <OBJECTS>")
endif()

# ccache takes the list of headers from the compiler, which spares it preprocessing. What was compiled with
# precompiled headers it keeps only where it may trust their macros.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# Precompiled headers: of other projects only, so that a change of ours compiles no more than it must. Loading them
# takes a fifth of what parsing does. A source includes what it needs all the same: Clang reads no gcc's, so the
# preset 'plain' (clang-tidy, editors) is without.
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
    set_target_properties(zipml_${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/zipml)
    target_compile_options(zipml_${name} PRIVATE -ffp-contract=off) # as core has it
    target_link_libraries(zipml_${name} PRIVATE zipml_options)
    if(NOT ZIPML_SANITIZE) # whose functions the program has
        target_link_options(zipml_${name} PRIVATE -Wl,-z,defs)
    endif()
    set_property(GLOBAL APPEND PROPERTY zipml_parts zipml_${name})
endfunction()
# The programs build all parts that there are: they load them when they run.
function(zipml_uses_parts target)
    get_property(parts GLOBAL PROPERTY zipml_parts)
    if(parts)
        add_dependencies(${target} ${parts})
    endif()
endfunction()

# Unity builds: the sources of a folder are compiled as one, so that the compiler reads headers and makes templates
# (nlohmann::json, Eigen) once for all of them: two thirds of a first build's time. Names of unnamed namespaces are
# then common to a folder: one that two files have is an error there, and is mended by another name, or by naming
# one of the files behind APART (regular expressions). Small folders named behind TOGETHER count as one. clang-tidy
# and editors want each source by itself: ./dev check and the preset 'plain' switch ZIPML_UNITY off.
option(ZIPML_UNITY "Compile the sources of a folder as one" ON)
function(zipml_unity target)
    if(NOT ZIPML_UNITY)
        return()
    endif()
    cmake_parse_arguments(arg "" "" "APART;TOGETHER" ${ARGN})
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    foreach(source ${sources})
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE name)
        cmake_path(RELATIVE_PATH name BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        set(apart FALSE)
        foreach(pattern ${arg_APART})
            if(name MATCHES "${pattern}")
                set(apart TRUE)
            endif()
        endforeach()
        if(apart OR NOT name MATCHES "[.]cpp$" OR name MATCHES "^[.][.]/")
            continue()
        endif()
        # At most so many, for compilers that run side by side and for what is compiled anew after a change.
        cmake_path(GET name PARENT_PATH folder)
        if(folder IN_LIST arg_TOGETHER)
            set(folder small)
        endif()
        string(REPLACE "/" "_" group "${folder}_")
        if(NOT DEFINED count_${group})
            set(count_${group} 0)
        endif()
        math(EXPR part "${count_${group}} / 12")
        math(EXPR count_${group} "${count_${group}} + 1")
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}${part}")
    endforeach()
endfunction()
