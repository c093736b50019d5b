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

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# A floor is all the sources below its folder; a new file needs no line here.
function(zipml_sources out folder)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
    set(${out} ${found} PARENT_SCOPE)
endfunction()
