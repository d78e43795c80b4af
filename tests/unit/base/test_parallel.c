/* Every item is done once, whatever the number of threads, and a wish to stop is heard. */
#include "base/parallel.h"
#include "base/stop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>

#define N 1000

static atomic_int done[N];
static atomic_uint highest_worker;

static void count(void *context, size_t item, unsigned worker)
{
    (void)context;
    atomic_fetch_add(&done[item], 1);
    if (worker > atomic_load(&highest_worker))
        atomic_store(&highest_worker, worker);
}

static void each_item_is_done_once(void **state)
{
    (void)state;
    static const unsigned jobs[] = {1, 2, 3, 16, 1000};
    for (size_t j = 0; j < sizeof jobs / sizeof *jobs; j++) {
        for (size_t i = 0; i < N; i++)
            atomic_store(&done[i], 0);
        assert_int_equal(ko_parallel_for(N, jobs[j], count, NULL), KO_OK);
        for (size_t i = 0; i < N; i++)
            assert_int_equal(atomic_load(&done[i]), 1);
        assert_true(atomic_load(&highest_worker) < jobs[j]);
    }
}

static void no_items_are_done_at_once(void **state)
{
    (void)state;
    assert_int_equal(ko_parallel_for(0, 4, count, NULL), KO_OK);
}

static void stop_in_the_middle(void *context, size_t item, unsigned worker)
{
    (void)worker;
    atomic_fetch_add((atomic_int *)context, 1);
    if (item == 10)
        (void)raise(SIGINT);
}

/* Last, for the wish is not taken back. */
static void a_wish_to_stop_ends_it(void **state)
{
    (void)state;
    ko_stop_install();
    atomic_int calls = 0;
    assert_int_equal(ko_parallel_for(N, 2, stop_in_the_middle, &calls), KO_E_STOPPED);
    assert_true(ko_stop_asked());
    assert_true(atomic_load(&calls) < N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_is_done_once),
        cmocka_unit_test(no_items_are_done_at_once),
        cmocka_unit_test(a_wish_to_stop_ends_it),
    };
    return cmocka_run_group_tests_name("base.parallel", tests, NULL, NULL);
}
