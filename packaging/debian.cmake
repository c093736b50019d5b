# Packages of Debian by cpack (./dev package): zipml-lab, zipml and libzipml-dev.
set(CPACK_PACKAGE_NAME zipml)
set(CPACK_PACKAGE_VENDOR "ZipML Lab contributors")
set(CPACK_PACKAGE_CONTACT "ZipML Lab contributors <zipml-lab@users.noreply.github.com>")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL cli dev)
if(ZIPML_WINDOW)
    list(APPEND CPACK_COMPONENTS_ALL lab)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS # whatever the umask
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_CLI_PACKAGE_NAME zipml)
set(CPACK_DEBIAN_CLI_PACKAGE_SECTION science)
set(CPACK_COMPONENT_CLI_DESCRIPTION "training at low precision, on the command line
Trains linear models and small networks on samples of a few bits and shows
what that does to loss and bias: quantizers, gradient estimators, sweeps, a
forecast of the bits that data need, exports to other programs.")

set(CPACK_DEBIAN_LAB_PACKAGE_NAME zipml-lab)
set(CPACK_DEBIAN_LAB_PACKAGE_SECTION science)
set(CPACK_COMPONENT_LAB_DESCRIPTION "window on training at low precision
Load data, choose bits and a gradient estimator, and watch loss and bias
live, beside full precision. Also: levels on a histogram, trade-offs,
tomography, networks with weights of few levels, a history of every run.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libzipml-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEV_DESCRIPTION "training at low precision, library for C++
Static libraries and headers of what zipml is made of: data, levels,
packed stores, estimators, solvers, runs and OpenCL devices. For CMake
(find_package) and pkg-config.")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libeigen3-dev, nlohmann-json3-dev, libarchive-dev, zlib1g-dev")
if(ZIPML_OPENCL)
    string(APPEND CPACK_DEBIAN_DEV_PACKAGE_DEPENDS ", ocl-icd-opencl-dev, opencl-clhpp-headers")
endif()
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS "zipml (= ${PROJECT_VERSION})")

set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/debian_dependencies.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian_documents.cmake)
set(CPACK_ZIPML_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_ZIPML_RELEASED ${ZIPML_RELEASED})
set(CPACK_ZIPML_SOURCE ${PROJECT_SOURCE_DIR})
include(CPack)
