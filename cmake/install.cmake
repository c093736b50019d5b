# What `cmake --install` copies, in components: cli (zipml, the parts that it loads, their manual), lab (the window
# and what a desktop knows of it), dev (core and accel as libraries for other programs). `cmake --build build --target
# installed` builds all of it and no test. Where Debian wants these, packaging/debian.cmake says.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(parts_folder lib/zipml) # beside PREFIX/bin, wherever the system keeps its libraries (core/base/part.h)
set(share ${PROJECT_BINARY_DIR}/share)

get_property(parts GLOBAL PROPERTY zipml_parts)
add_custom_target(installed)
add_dependencies(installed zipml ${parts} zipml_core zipml_accel manual)

install(TARGETS zipml RUNTIME COMPONENT cli)
if(parts)
    install(TARGETS ${parts}
        RUNTIME DESTINATION ${parts_folder} COMPONENT cli
        LIBRARY DESTINATION ${parts_folder} COMPONENT cli)
endif()
install(DIRECTORY ${share}/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT cli PATTERN "*zipml-lab*" EXCLUDE)

if(ZIPML_WINDOW)
    add_dependencies(installed zipml-lab)
    install(TARGETS zipml-lab RUNTIME COMPONENT lab)
    install(DIRECTORY ${share}/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT lab FILES_MATCHING PATTERN "*zipml-lab*")
    set(packaging ${PROJECT_SOURCE_DIR}/packaging)
    install(FILES ${packaging}/zipml-lab.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT lab)
    install(FILES ${packaging}/zipml.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages COMPONENT lab)
    configure_file(${packaging}/org.zipml.Lab.metainfo.xml.in ${PROJECT_BINARY_DIR}/org.zipml.Lab.metainfo.xml @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/org.zipml.Lab.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo COMPONENT lab)
    set(icons ${CMAKE_INSTALL_DATADIR}/icons/hicolor)
    install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/zipml-lab.svg DESTINATION ${icons}/scalable/apps COMPONENT lab)
    foreach(size 16 24 32 48 64 128 256)
        install(FILES ${packaging}/icons/${size}.png DESTINATION ${icons}/${size}x${size}/apps RENAME zipml-lab.png COMPONENT lab)
    endforeach()
endif()

# Below a folder of the version's own, so that #include "core/lab/run.h" finds these and no other project's.
set(ZIPML_INCLUDE ${CMAKE_INSTALL_INCLUDEDIR}/zipml-${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
foreach(floor core accel)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${floor}/*.h ${PROJECT_SOURCE_DIR}/${floor}/*.def)
    target_sources(zipml_${floor} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
    set_target_properties(zipml_${floor} PROPERTIES EXPORT_NAME ${floor})
    install(TARGETS zipml_${floor} EXPORT zipml
        ARCHIVE COMPONENT dev
        FILE_SET HEADERS DESTINATION ${ZIPML_INCLUDE} COMPONENT dev)
    # The build's archives only name their objects (cmake/options.cmake), of which a precompiled header is none.
    set(objects $<FILTER:$<TARGET_OBJECTS:zipml_${floor}>,EXCLUDE,[.]gch$>)
    install(CODE "set(archive \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/$<TARGET_FILE_NAME:zipml_${floor}>\")
        file(REMOVE \${archive})
        execute_process(COMMAND ${CMAKE_AR} qcsD \${archive} ${objects}
                        WORKING_DIRECTORY ${PROJECT_BINARY_DIR} COMMAND_ERROR_IS_FATAL ANY)" COMPONENT dev)
endforeach()
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/zipml)
install(EXPORT zipml FILE zipml-targets.cmake NAMESPACE zipml:: DESTINATION ${package} COMPONENT dev)
configure_package_config_file(${PROJECT_SOURCE_DIR}/packaging/zipml-config.cmake.in ${PROJECT_BINARY_DIR}/zipml-config.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/zipml-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/zipml-config.cmake ${PROJECT_BINARY_DIR}/zipml-config-version.cmake
        DESTINATION ${package} COMPONENT dev)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig OUTPUT_VARIABLE ZIPML_PREFIX_FROM_PC)
if(ZIPML_OPENCL)
    set(ZIPML_PC_OPENCL " OpenCL")
endif()
configure_file(${PROJECT_SOURCE_DIR}/packaging/zipml.pc.in ${PROJECT_BINARY_DIR}/zipml.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/zipml.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
