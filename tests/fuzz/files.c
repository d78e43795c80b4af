/* In place of a fuzzer: the inputs are files, each run once. A block of exactly its size lets
 * sanitizers see what reads beyond it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    uint8_t *bytes = size >= 0 ? malloc(size ? (size_t)size : 1) : NULL;
    const int ok = bytes && fseek(file, 0, SEEK_SET) == 0 &&
                   fread(bytes, 1, (size_t)size, file) == (size_t)size;
    if (ok)
        (void)LLVMFuzzerTestOneInput(bytes, (size_t)size);
    else
        (void)fprintf(stderr, "%s cannot be read\n", path);
    free(bytes);
    if (file)
        (void)fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    int ok = 1;
    for (int i = 1; i < argc; i++)
        ok &= run_file(argv[i]);
    return ok ? 0 : 1;
}
