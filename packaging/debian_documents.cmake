# What each of Debian's packages has below usr/share/doc, and pages packed and completion placed as its policy wants them. cpack runs this on
# the folders that it has filled, before it makes packages of them.
foreach(component_package cli=zipml lab=zipml-lab dev=libzipml-dev)
    string(REPLACE "=" ";" pair ${component_package})
    list(GET pair 0 component)
    list(GET pair 1 package)
    set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr)
    if(NOT EXISTS ${root})
        continue()
    endif()
    if(EXISTS ${root}/share/zsh/site-functions) # where Debian's zsh looks
        file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)
    endif()
    set(documents ${root}/share/doc/${package})
    file(COPY ${CPACK_ZIPML_SOURCE}/packaging/debian/copyright DESTINATION ${documents})
    execute_process(COMMAND date -u -R -d ${CPACK_ZIPML_RELEASED} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE
                    COMMAND_ERROR_IS_FATAL ANY)
    file(WRITE ${documents}/changelog "zipml (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
         "  * Version ${CPACK_PACKAGE_VERSION}: CHANGELOG.md of the source says what is new.\n\n"
         " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
    file(GLOB pages ${root}/share/man/man1/*.1)
    execute_process(COMMAND gzip -9nf ${documents}/changelog ${pages} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
