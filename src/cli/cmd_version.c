/* knockoff --version - the version, and the CPU kernels in use. */
#include "cli/commands.h"
#include "simd/simd.h"

static const ko_option options[] = {{0}};

static ko_exit run(char **words, size_t n)
{
    ko_common o = {0};
    ko_exit code = KO_EXIT_OK;
    if (ko_begin(&ko_cmd_version, words, n, &o, &code)) {
        if (o.json)
            ko_json_line(stdout, json_pack("{s:s, s:s}", "version", KO_VERSION, "kernels",
                                           ko_simd_get()->name));
        else
            ko_print("knockoff %s, %s kernels\n", KO_VERSION, ko_simd_get()->name);
    }
    ko_options_free(options, &o);
    return code;
}

const ko_command ko_cmd_version = {
    .name = "version",
    .summary = "print the version and the CPU kernels in use",
    .usage = "",
    .description = "KO_SIMD=scalar, avx2, avx512 or neon in the environment asks for other "
                   "kernels\nthan the best this machine has.",
    .options = options,
    .run = run,
};
