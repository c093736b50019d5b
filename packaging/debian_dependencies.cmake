# What Debian's packages depend on, as dpkg-shlibdeps finds it when cpack runs. What only a part of the program loads
# (core/base/part.h) is recommended, and libtorch, which is large, suggested: without it all but that part works, and
# that part says what to install.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()

# dpkg-shlibdeps wants a source package around it.
set(folder ${CPACK_ZIPML_BUILD}/shlibdeps)
file(WRITE ${folder}/debian/control "Source: zipml\n\nPackage: zipml\nArchitecture: any\n")
function(dependencies out) # [-dFIELD] FILE...; in `out`_FIELD
    execute_process(COMMAND dpkg-shlibdeps -O ${ARGN} WORKING_DIRECTORY ${folder}
                    OUTPUT_VARIABLE found ERROR_VARIABLE said RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "dpkg-shlibdeps: ${said}")
    endif()
    foreach(field Depends Recommends Suggests)
        set(${out}_${field} "")
        if(found MATCHES "shlibs:${field}=([^\n]*)")
            set(${out}_${field} "${CMAKE_MATCH_1}")
        endif()
        set(${out}_${field} "${${out}_${field}}" PARENT_SCOPE)
    endforeach()
endfunction()

file(GLOB parts ${CPACK_ZIPML_BUILD}/lib/zipml/*.so)
set(networks ${parts})
list(FILTER parts EXCLUDE REGEX "_deep[.]so$")
list(FILTER networks INCLUDE REGEX "_deep[.]so$")
file(GLOB programs ${CPACK_ZIPML_BUILD}/bin/zipml ${CPACK_ZIPML_BUILD}/lib/zipml/zipml-driver-check)
dependencies(cli -dDepends ${programs} -dRecommends ${parts} -dSuggests ${networks})
set(CPACK_DEBIAN_CLI_PACKAGE_DEPENDS "${cli_Depends}")
set(CPACK_DEBIAN_CLI_PACKAGE_RECOMMENDS "${cli_Recommends}")
set(CPACK_DEBIAN_CLI_PACKAGE_SUGGESTS "${cli_Suggests}")
if(cli_Depends MATCHES "ocl-icd-libopencl1|libopencl")
    string(APPEND CPACK_DEBIAN_CLI_PACKAGE_SUGGESTS ", opencl-icd")
endif()

if(EXISTS ${CPACK_ZIPML_BUILD}/bin/zipml-lab)
    dependencies(lab -dDepends ${CPACK_ZIPML_BUILD}/bin/zipml-lab)
    # Behind the comma: plugins of Qt, which nothing is linked with: the screen, the history's database.
    set(CPACK_DEBIAN_LAB_PACKAGE_DEPENDS
        "zipml (= ${CPACK_PACKAGE_VERSION}), ${lab_Depends}, qt6-qpa-plugins, libqt6sql6-sqlite")
endif()
