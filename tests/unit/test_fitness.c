/* A machine planted in a folder, and each finding on it. */
#include "unit.h"

#include "ceremony/machine/fitness.h"
#include "ceremony/machine/known_answers.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char root[] = "/tmp/quorate-fitness-XXXXXX";

static void put(const char *path, const char *text)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        (void)mkdir(whole, 0700);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool yes(size_t len_bytes)
{
    (void)len_bytes;
    return true;
}

static bool no(size_t len_bytes)
{
    (void)len_bytes;
    return false;
}

/* A fit machine. */
static struct qrt_surroundings plant(void)
{
    put("/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
    put("/proc/sys/kernel/core_pattern", "core\n");
    put("/proc/self/status", "Name:\tquorate\nTracerPid:\t0\nUid:\t0\n");
    put("/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\ntmpfs /var/spool/cups tmpfs rw 0 0\n");
    put("/sys/class/net/lo/flags", "0x9\n");
    put("/sys/class/net/eth0/flags", "0x1002\n");
    put("/var/spool/cups/d00001", "");
    put("/etc/cups/cupsd.conf", "LogLevel warn\nPreserveJobFiles No\n");
    put("/etc/cups/cups-files.conf", "#RequestRoot /var/elsewhere\nSystemGroup root\n");
    return (struct qrt_surroundings){.root = root,
                                     .now_unix_s = 1800000000,
                                     .rng_ready = true,
                                     .can_lock = yes,
                                     .landlock_abi = 1};
}

/* The findings alone, as "name name". */
static const char *findings(const struct qrt_surroundings *here)
{
    static char names[256];
    struct qrt_fitness fitness;
    qrt_fitness_look(&fitness, here);
    names[0] = '\0';
    for (size_t i = 0; i < fitness.len; i++) {
        assert_true(strlen(fitness.checks[i].words) > 0);
        assert_int_equal(fitness.checks[i].finding, fitness.checks[i].remedy != NULL);
        if (fitness.checks[i].finding) {
            strcat(strcat(names, names[0] != '\0' ? " " : ""), fitness.checks[i].name);
        }
    }
    return names;
}

static void a_fit_machine_has_no_finding(void **state)
{
    (void)state;
    struct qrt_surroundings here = plant();
    struct qrt_fitness fitness;
    assert_string_equal(findings(&here), "");
    qrt_fitness_look(&fitness, &here);
    assert_int_equal(fitness.len, 9);
}

static void each_planted_fault_of_a_file_is_told(void **state)
{
    static const struct {
        const char *path;
        const char *text;
        const char *finding;
    } faults[] = {
        {"/proc/swaps", "Filename\n/dev/sda2 partition 1 0 -2\n", "swap"},
        {"/proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P\n",
         "core-pattern"},
        {"/proc/self/status", "Name:\tquorate\nTracerPid:\t4711\n", "debugger"},
        {"/proc/self/status", "Name:\tquorate\n", "debugger"},
        {"/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\n", "spool"},
        {"/proc/self/mounts",
         "tmpfs /var/spool/cups tmpfs rw 0 0\n/dev/sda3 /var/spool/cups ext4 rw 0 0\n", "spool"},
        {"/proc/self/mounts", "tmpfs / tmpfs rw 0 0\n/dev/sda3 /var ext4 rw 0 0\n", "spool"},
        {"/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\ntmpfs /var/spool/cu tmpfs rw 0 0\n",
         "spool"},
        {"/sys/class/net/eth0/flags", "0x1003\n", "network-interface"},
        {"/etc/cups/cupsd.conf", "LogLevel warn\n", "spool"},
        {"/etc/cups/cupsd.conf", "#PreserveJobFiles No\n", "spool"},
        {"/etc/cups/cupsd.conf", "preservejobfiles Yes\n", "spool"},
        {"/etc/cups/cupsd.conf", "PreserveJobFiles No\nPreserveJobFiles 30\n", "spool"},
        {"/etc/cups/cups-files.conf", "RequestRoot /var/lib/spool\n", "spool"},
        {"/etc/cups/cups-files.conf", "TempDir /var/tmp\n", "spool"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct qrt_surroundings here = plant();
        put(faults[i].path, faults[i].text);
        assert_string_equal(findings(&here), faults[i].finding);
    }
}

static void each_planted_fault_of_the_kernel_is_told(void **state)
{
    (void)state;
    struct qrt_surroundings here = plant();
    here.rng_ready = false;
    assert_string_equal(findings(&here), "rng");
    here = plant();
    here.can_lock = no;
    assert_string_equal(findings(&here), "mlock");
    here = plant();
    here.landlock_abi = 0;
    assert_string_equal(findings(&here), "landlock");
    here = plant();
    here.now_unix_s = 1767225599;
    assert_string_equal(findings(&here), "clock");
    here.now_unix_s = 1767225600;
    assert_string_equal(findings(&here), "");
    here.now_unix_s = 4102444800;
    assert_string_equal(findings(&here), "clock");
}

static void what_cannot_be_read_is_a_finding(void **state)
{
    static const char *const files[][2] = {
        {"/proc/swaps", "swap"},
        {"/proc/sys/kernel/core_pattern", "core-pattern"},
        {"/proc/self/status", "debugger"},
        {"/proc/self/mounts", "spool"},
        {"/sys/class/net/eth0/flags", "network-interface"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct qrt_surroundings here = plant();
        char path[256];
        snprintf(path, sizeof path, "%s%s", root, files[i][0]);
        assert_int_equal(remove(path), 0);
        assert_string_equal(findings(&here), files[i][1]);
    }
}

static void settings_that_forget_are_known_however_they_are_written(void **state)
{
    static const char *const lines[] = {"PreserveJobFiles no\n", "\tPRESERVEJOBFILES  Off \r\n",
                                        "PreserveJobFiles Yes\nPreserveJobFiles No\n"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct qrt_surroundings here = plant();
        put("/etc/cups/cupsd.conf", lines[i]);
        assert_string_equal(findings(&here), "");
    }
    struct qrt_surroundings here = plant();
    put("/etc/cups/cups-files.conf", "RequestRoot /run/spool\n");
    put("/proc/self/mounts", "/dev/sda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n");
    assert_string_equal(findings(&here), "");
}

static void every_interface_that_is_up_is_named(void **state)
{
    (void)state;
    struct qrt_surroundings here = plant();
    struct qrt_fitness fitness;
    put("/sys/class/net/wl\nan0/flags", "0x1003\n");
    qrt_fitness_look(&fitness, &here);
    for (size_t i = 0; i < fitness.len; i++) {
        if (strcmp(fitness.checks[i].name, "network-interface") == 0) {
            assert_true(fitness.checks[i].finding);
            assert_non_null(strstr(fitness.checks[i].words, "wl\\x0Aan0"));
            assert_null(strstr(fitness.checks[i].words, "eth0"));
        }
    }
    char path[256];
    snprintf(path, sizeof path, "%s/sys/class/net/wl\nan0/flags", root);
    assert_int_equal(remove(path), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(remove(path), 0);
}

static char told[4096];

static void tell(void *ctx, const char *line)
{
    (void)ctx;
    strncat(told, line, sizeof told - strlen(told) - 2);
    strcat(told, "\n");
}

/* The clock of this machine cannot be planted; what it has is compared. */
static void findings_stop_a_real_vault_that_does_not_except_them(void **state)
{
    (void)state;
    struct qrt_ui ui = {.tell = tell};
    struct qrt_policy policy = {.practice = true};
    struct qrt_surroundings here;
    struct qrt_fitness fitness;
    struct qrt_fitness taken;
    struct qrt_err err = {0};
    qrt_surroundings_here(&here);
    qrt_fitness_look(&fitness, &here);
    assert_int_equal(qrt_fitness_admit(&taken, &policy, &ui, &err), QRT_OK);
    policy.practice = false;
    bool any = false;
    for (size_t i = 0; i < fitness.len; i++) {
        if (fitness.checks[i].finding) {
            any = true;
            assert_non_null(strstr(told, fitness.checks[i].name));
            assert_int_equal(qrt_fitness_admit(&taken, &policy, &ui, &err), QRT_E_FAILED);
            assert_non_null(strstr(err.what, fitness.checks[i].name));
            policy.machine_exceptions[policy.machine_exceptions_count++] = fitness.checks[i].name;
        }
    }
    assert_int_equal(any, told[0] != '\0');
    assert_int_equal(qrt_fitness_admit(&taken, &policy, &ui, &err), QRT_OK);
    assert_int_equal(taken.len, policy.machine_exceptions_count);
}

static void every_known_answer_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < qrt_known_answers_count; i++) {
        if (!qrt_known_answers[i].holds()) {
            fail_msg("%s", qrt_known_answers[i].name);
        }
    }
}

static int make_root(void **state)
{
    (void)state;
    return mkdtemp(root) == NULL ? -1 : 0;
}

static int remove_root(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fit_machine_has_no_finding),
        cmocka_unit_test(each_planted_fault_of_a_file_is_told),
        cmocka_unit_test(each_planted_fault_of_the_kernel_is_told),
        cmocka_unit_test(what_cannot_be_read_is_a_finding),
        cmocka_unit_test(settings_that_forget_are_known_however_they_are_written),
        cmocka_unit_test(every_interface_that_is_up_is_named),
        cmocka_unit_test(findings_stop_a_real_vault_that_does_not_except_them),
        cmocka_unit_test(every_known_answer_holds),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
