# cmake --install: the program, the library, its headers, and how others find it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS knockoff_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS knockoff EXPORT knockoffTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/knockoff DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT knockoffTargets NAMESPACE knockoff:: FILE knockoffConfig.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/knockoff)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/knockoffConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/knockoffConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/knockoff)

# Relative, because cmake --install may be given another prefix.
file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/knockoff.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@to_prefix@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@

Name: knockoff
Description: @PROJECT_DESCRIPTION@
Version: @PROJECT_VERSION@
Cflags: -I${includedir}
Libs: -L${libdir} -lknockoff
]])
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/knockoff.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
